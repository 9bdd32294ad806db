import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createClient } from '@redis/client';
import { freePort } from '../../support/free-port.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

/** A Redis of a test's own, which keeps nothing on disk. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Everything in it. */
  all(): Promise<ReadonlyMap<string, Buffer>>;
  set(name: string, value: Buffer): Promise<void>;
  /** Sends any command. */
  send(...command: string[]): Promise<unknown>;
  /** Ends it at once. */
  halt(): Promise<void>;
  /** Starts it again, empty, after {@link halt}. */
  resume(): Promise<void>;
}

/** Starts an empty Redis on a free port; installs it where it is missing. */
export async function startRedis(
  atEnd: AtEnd,
  further: readonly string[] = [],
): Promise<TestRedis> {
  const script = fileURLToPath(new URL('../../../../scripts/install-redis.sh', import.meta.url));
  execFileSync('sh', [script], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = temporaryFolder(atEnd);
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const options = [
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    ...further,
  ];
  let server: ChildProcess;

  const talk = async <Result>(work: (client: Client) => Promise<Result>): Promise<Result> => {
    const client = connect(url);
    try {
      await client.connect();
      return await work(client);
    } finally {
      if (client.isOpen) client.destroy();
    }
  };
  const begin = async (): Promise<void> => {
    server = spawn('redis-server', ['--port', String(port), ...options], { stdio: 'ignore' });
    await until('Redis answers', () => talk((client) => client.ping()).then(isThere, isNotThere));
  };
  const halt = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  await begin();
  atEnd(halt);
  return {
    ...{ port, url, halt, resume: begin },
    all: () =>
      talk(async (client) => {
        const found = new Map<string, Buffer>();
        for (const name of await client.keys('*')) {
          const value = await inBytes(client).get(String(name));
          if (value !== null) found.set(String(name), value);
        }
        return found;
      }),
    set: (name, value) => talk(async (client) => void (await client.set(name, value))),
    send: (...command) => talk((client) => client.sendCommand(command)),
  };
}

type Client = ReturnType<typeof connect>;

function connect(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  return client;
}

const BLOB_STRING = 36;

const inBytes = (client: Client) => client.withTypeMapping({ [BLOB_STRING]: Buffer });

const isThere = (): boolean => true;
const isNotThere = (): boolean => false;
