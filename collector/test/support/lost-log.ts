import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { Agent, get as request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { hasCode } from '../../src/has-code.js';
import { ADMIN_TOKEN, withToken } from './admin-token.js';
import { type CollectorProcess, startProcess } from './start-process.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

/** How long closing may take at most where nothing is left to do, in milliseconds. */
const END_WITHIN_MS = 3000;

/** What `GET /health` says of the log. */
export interface LogHealth {
  readonly state: string;
  readonly reason: string | null;
  readonly dropped_lines: number;
  readonly dropped_since: string | null;
}

/** Starts a collector whose outputs go where a redirection of the shell says. */
export async function startInto(redirect: string): Promise<CollectorProcess & { address: string }> {
  const data = temporaryFolder();
  const collector = await startProcess(
    // Each request makes a line.
    ['--port', '0', '--no-announce', '--access-log', 'all', '--data', data],
    {},
    { wrapper: ['bash', '-c', `exec "$@" ${redirect}`, 'bash'] },
  );
  // What it announces may be lost too.
  const file = join(data, 'collector.json');
  await until('it listens', () => existsSync(file) || collector.child.exitCode !== null);
  const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
  return { ...collector, address: url };
}

export async function logHealth(url: string): Promise<LogHealth> {
  const answer = await fetch(`${url}/health`, { headers: withToken(ADMIN_TOKEN) });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { warnings: { log: LogHealth } }).warnings.log;
}

/** Ends a collector, within its usual time. */
export async function expectEnd({ child, ended }: CollectorProcess): Promise<void> {
  const begin = performance.now();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - begin).toBeLessThan(END_WITHIN_MS);
}

/** A named pipe that a test holds open and reads when it wants to. */
export function namedPipe(): { path: string; read: () => string } {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(fd));
  const chunk = Buffer.alloc(1024 ** 2);
  return {
    path,
    read: () => {
      try {
        return chunk.toString('utf8', 0, readSync(fd, chunk));
      } catch (error) {
        if (hasCode(error, 'EAGAIN')) return '';
        throw error;
      }
    },
  };
}

/** Sends GET requests, eight at a time, each of which makes a line of the log. */
export async function getTimes(url: string, times: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  onTestFinished(() => agent.destroy());
  const get = (): Promise<void> =>
    new Promise((resolve, reject) => {
      request(url, { agent }, (response) => void response.resume().on('end', resolve)).on(
        'error',
        reject,
      );
    });
  for (let sent = 0; sent < times; sent += 8) {
    await Promise.all(Array.from({ length: Math.min(8, times - sent) }, get));
  }
}
