import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { run } from './run.js';

export const BIN = '/usr/lib/postgresql/15/bin';

/** A PostgreSQL of a test's own. */
export interface Cluster {
  /** Of its administrator, who needs no password from this machine. */
  readonly url: string;
  readonly port: number;
  /** The folder of its data. */
  readonly data: string;
  /** Ends it at once, and leaves its data. */
  halt(): Promise<void>;
  /** Starts it again after {@link halt}, or after it has ended by itself. */
  resume(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Whether a commit waits for the disk. Only tests that kill it need that. */
  readonly isDurable?: boolean;
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
  /** The folder, such as a disk of its own, that its folder is made in. */
  readonly parent?: string;
}

/** A streaming replica of a cluster. */
export interface Standby extends Cluster {
  /** Makes it the primary. */
  promote(): Promise<void>;
  /** Whether it goes on with what it receives. */
  replay(goesOn: boolean): Promise<void>;
  /** Waits until it has received all that the primary has. */
  untilReceived(): Promise<void>;
  /** Waits until questions see all that it has received. */
  untilReplayed(): Promise<void>;
  /** Lets it receive nothing more, as when the network to the primary is cut. */
  cutOff(): Promise<void>;
}

const SETTINGS = ['max_connections=200', 'shared_buffers=64MB', 'log_min_messages=fatal'];
const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Starts an empty cluster on a free port. */
export function startCluster({
  isDurable = false,
  settings = [],
  parent,
}: ClusterOptions = {}): Promise<Cluster> {
  const make = ({ folder, data }: Folders): void => {
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    execFileSync(...asPostgres('initdb', ['-D', data, ...options]), { cwd: folder, stdio: 'pipe' });
  };
  const all = [...(isDurable ? [] : NOT_DURABLE), ...settings];
  return launch(all, make, { folder: folderOfPostgres(parent) });
}

export interface StandbyOptions {
  /** The port by which it reaches the cluster; by default that of the cluster. */
  readonly port?: number;
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
}

/** Starts a standby that follows a cluster. */
export async function startStandby(
  primary: Cluster,
  { port = primary.port, settings = [] }: StandbyOptions = {},
): Promise<Standby> {
  const all = ['wal_retrieve_retry_interval=100ms', ...settings];
  const cluster = await launch(all, ({ folder, data }) => {
    const options = ['--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
    const args = ['-D', data, '-d', primary.url, ...options];
    execFileSync(...asPostgres('pg_basebackup', args), { cwd: folder, stdio: 'pipe' });
    const followed = join(data, 'postgresql.auto.conf');
    const text = readFileSync(followed, 'utf8');
    writeFileSync(followed, text.replace(`port=${primary.port}`, `port=${port}`));
  });
  const { url } = cluster;
  return {
    ...cluster,
    promote: () => untilTrue(url, 'SELECT pg_promote()'),
    replay: async (goesOn) => {
      await run(url, `SELECT pg_wal_replay_${goesOn ? 'resume' : 'pause'}()`);
      const state = goesOn ? 'not paused' : 'paused';
      await untilTrue(url, `SELECT pg_get_wal_replay_pause_state() = '${state}'`);
    },
    untilReceived: async () => {
      const sent = await askOne(primary.url, 'SELECT pg_current_wal_lsn()');
      await untilTrue(url, `SELECT pg_last_wal_receive_lsn() >= '${String(sent)}'`);
    },
    untilReplayed: () =>
      untilTrue(url, 'SELECT pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()'),
    cutOff: async () => {
      await run(url, `ALTER SYSTEM SET primary_conninfo = ''`);
      await run(url, 'SELECT pg_reload_conf()');
      await untilTrue(url, 'SELECT NOT EXISTS(SELECT FROM pg_stat_wal_receiver)');
    },
  };
}

/** Polls until a question has the answer `true`. */
export async function untilTrue(url: string, sql: string): Promise<void> {
  const end = Date.now() + 30_000;
  while ((await askOne(url, sql)) !== true) {
    if (Date.now() > end) throw new Error(`Not in time: ${sql}`);
    await wait(20);
  }
}

/** The first value of the first row. */
export async function askOne(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<[unknown]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** A new folder that PostgreSQL may write. */
export function folderOfPostgres(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'headcount-postgres-'));
  giveToPostgres(folder);
  return folder;
}

/** Gives a file to the account that PostgreSQL runs as. */
export function giveToPostgres(path: string): void {
  const account = accountOf('postgres');
  if (account) chownSync(path, account.uid, account.gid);
}

interface Folders {
  readonly folder: string;
  readonly data: string;
}

/** Makes a cluster's data, and starts it: in a new folder and on a free port if none is given. */
export async function launch(
  settings: readonly string[],
  make: (folders: Folders) => void,
  given: { readonly folder?: string; readonly port?: number } = {},
): Promise<Cluster> {
  const { folder = folderOfPostgres() } = given;
  const data = join(folder, 'data');
  make({ folder, data });
  const port = given.port ?? (await freePort());
  const places = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const all = [...places, ...SETTINGS, ...settings];
  const args = ['-D', data, '-p', String(port), ...all.flatMap((one) => ['-c', one])];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(...asPostgres('postgres', args), { cwd: folder, stdio: 'ignore' });
    await untilReady(url, child);
    return child;
  };
  let running = await begin();
  const isRunning = (): boolean => running.exitCode === null && running.signalCode === null;
  const halt = async (): Promise<void> => {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    // At once, as when the power fails.
    if (isRunning()) process.kill(pid, 'SIGQUIT');
    while (isRunning()) await wait(10);
  };
  return {
    ...{ url, port, data, halt },
    resume: async () => {
      if (!isRunning()) running = await begin();
    },
    stop: async () => {
      if (isRunning()) await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root. */
export const asPostgres = (program: string, args: readonly string[]): [string, string[]] =>
  isRoot
    ? ['runuser', ['-u', 'postgres', '--', join(BIN, program), ...args]]
    : [join(BIN, program), [...args]];

function accountOf(name: string): { uid: number; gid: number } | undefined {
  if (!isRoot) return undefined;
  const id = (what: string): number =>
    Number(execFileSync('id', [what, name], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > end) throw error;
      await wait(50);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
