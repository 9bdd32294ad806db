import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { inject } from 'vitest';
import { CLIENTS } from './build-clients.js';

/** A client, as its program is started. */
export interface Client {
  readonly name: string;
  /** The command, before project, version, endpoint and channel. */
  readonly command: readonly string[];
}

export const SH_FILE = join(CLIENTS, 'sh', 'headcount.sh');
const SOURCED = '. "$0"; headcount "$@"';

/** The shells, and how each runs a script. */
export const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ['/usr/bin/dash', '-c'],
  busybox: ['/usr/bin/busybox', 'sh', '-c'],
  bash: ['/usr/bin/bash', '-c'],
  zsh: ['/usr/bin/zsh', '-c'],
};

const built = (name: string): string => join(inject('builtClients'), name);

/** All clients. */
export const clients = (): readonly Client[] => [
  ...Object.entries(SHELLS).map(([name, command]) => ({
    name: `sh in ${name}`,
    command: [...command, SOURCED, SH_FILE],
  })),
  { name: 'Python', command: ['/usr/bin/python3', join(CLIENTS, 'python', 'headcount.py')] },
  { name: 'Go', command: [built('go-app')] },
  { name: 'Rust', command: [built('rust-app')] },
];

/** How a program has ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** Until the program had ended and its output was closed. */
  readonly ms: number;
  /** Until the last process that it left had ended. */
  readonly allMs: number;
}

/** Any descriptor that scripts do not close: who has it open still runs. */
const WITNESS: number = 10;

/** Runs a program with no variables but these. Resolves when nothing of it runs any more. */
export async function runProgram(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const [file = '', ...args] = command;
  const started = performance.now();
  const unused = Array<'ignore'>(WITNESS - 3).fill('ignore');
  const child = spawn(file, args, {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...unused, 'pipe'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const all = closed(child.stdio[WITNESS]);
  const outputs = [closed(child.stdout), closed(child.stderr)];
  const [code] = (await once(child, 'exit')) as [number | null];
  await Promise.all(outputs);
  const ms = performance.now() - started;
  await all;
  return { code, output, ms, allMs: performance.now() - started };
}

async function closed(stream: unknown): Promise<void> {
  if (!(stream instanceof Readable)) throw new Error('There is no pipe from the program.');
  if (!stream.closed) await once(stream.resume(), 'close');
}
