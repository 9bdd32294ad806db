import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const BIN = '/usr/lib/postgresql/15/bin';

/** A PostgreSQL of a test's own. */
export interface Cluster {
  /** Of its administrator, who needs no password from this machine. */
  readonly url: string;
  readonly port: number;
  /** The folder of its data. */
  readonly data: string;
  /** Ends it at once, and leaves its data. */
  halt(): Promise<void>;
  /** Starts it again after {@link halt}. */
  resume(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Whether a commit waits for the disk. Only tests that kill it need that. */
  readonly isDurable?: boolean;
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
}

/** Starts an empty cluster on a free port. */
export async function startCluster({
  isDurable = false,
  settings = [],
}: ClusterOptions = {}): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'headcount-postgres-'));
  const account = accountOf('postgres');
  if (account) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(...asPostgres('initdb', ['-D', data, ...options]), { cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const all = [
    ...['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`],
    ...['max_connections=200', 'shared_buffers=64MB', 'log_min_messages=fatal'],
    ...(isDurable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
    ...settings,
  ];
  const args = ['-D', data, '-p', String(port), ...all.flatMap((one) => ['-c', one])];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(...asPostgres('postgres', args), { cwd: folder, stdio: 'ignore' });
    await untilReady(url, child);
    return child;
  };
  let running = await begin();
  const halt = async (): Promise<void> => {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    // At once, as when the power fails.
    if (running.exitCode === null) process.kill(pid, 'SIGQUIT');
    while (running.exitCode === null && running.signalCode === null) await wait(10);
  };
  return {
    ...{ url, port, data, halt },
    resume: async () => {
      running = await begin();
    },
    stop: async () => {
      if (running.exitCode === null) await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root. */
const asPostgres = (program: string, args: readonly string[]): [string, string[]] =>
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
