import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { ADMIN_TOKEN } from './admin-token.js';
import { CLI, importBuilt } from './built.js';
import { type AtEnd, temporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

export interface CollectorProcess {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The address it announced; waits for it. */
  readonly url: () => Promise<string>;
  /** Its exit code, or the signal that ended it; waits for it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface ProcessOptions {
  /** A command that runs the collector, such as one that enters a namespace. */
  readonly wrapper?: readonly string[];
  /** The command of another release; by default the one that was built. */
  readonly cli?: string;
  /** Where the end of the process is left; after the test, by default. */
  readonly atEnd?: AtEnd;
}

/**
 * Starts the command with exactly this environment, the administrator's token of tests where it
 * names none, and a home folder that lasts as long as the test: those of the person who runs the tests must not matter. Killed after the test at the latest.
 */
export async function startProcess(
  args: readonly string[],
  env: Record<string, string> = {},
  { wrapper = [], cli = CLI, atEnd = onTestFinished }: ProcessOptions = {},
): Promise<CollectorProcess> {
  await importBuilt();
  const home = temporaryFolder(atEnd);
  const [command = process.execPath, ...rest] = [...wrapper, process.execPath, cli, ...args];
  const child = spawn(command, rest, {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      USERPROFILE: home,
      HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const address = (): string | undefined =>
    /listens on (https?:\/\/\S+)/.exec(stderr + stdout)?.[1];
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    url: async () => {
      await until(
        'the collector listens',
        () => address() !== undefined || child.exitCode !== null || child.signalCode !== null,
      );
      const url = address();
      if (url === undefined) throw new Error(`The collector has not started: ${stderr}`);
      return url;
    },
  };
}
