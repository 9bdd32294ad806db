import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';
import { tempFolder } from './temp-folder.js';

const CLI = fileURLToPath(new URL('../../collector/dist/cli.js', import.meta.url));

/** The numbers of `GET /stats`, as the administrator gets them. */
export interface Stats {
  readonly total_users: number;
  readonly daily_active_users: number;
  readonly weekly_active_users: number;
  readonly total_reports: number;
  readonly os_distribution: Record<string, number>;
  readonly version_distribution: Record<string, number>;
}

/** The real collector, in a process of its own. */
export interface RunningCollector {
  readonly address: string;
  readonly port: number;
  stats(project?: string): Promise<Stats>;
  /** Everything it has printed. */
  output(): string;
  stop(): Promise<number | null>;
  /** As a machine that loses its power. */
  kill(): void;
  readonly ended: Promise<number | null>;
}

const AFTER_TEST: (end: () => Promise<void>) => void = onTestFinished;

/** Starts a collector; it ends with the test, or when `atEnd` says so. */
export async function startCollector({
  port = 0,
  data = join(tempFolder('data'), 'collector'),
  cli = CLI,
  args = [] as readonly string[],
  home = tempFolder('home'),
  atEnd = AFTER_TEST,
} = {}): Promise<RunningCollector> {
  const all = [cli, 'serve', '--port', String(port), '--data', data, ...args];
  const child = spawn(process.execPath, all, {
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = end(child);
  atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const address = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`the collector ended: ${said}`);
    return /listens on (http:\S+)/.exec(said)?.[1];
  }, 'the collector to listen');
  return {
    address,
    port: Number(new URL(address).port),
    async stats(project) {
      const query = project === undefined ? '' : `?project=${encodeURIComponent(project)}`;
      // Strangers see no distributions.
      const token = readFileSync(join(data, 'admin-token'), 'utf8').trim();
      const headers = { authorization: `Bearer ${token}` };
      return (await (await fetch(`${address}/stats${query}`, { headers })).json()) as Stats;
    },
    output: () => said,
    kill: () => void child.kill('SIGKILL'),
    ended,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

const end = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));
