import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { AtEnd } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

export interface Tool {
  /** What it and its children wrote so far. */
  readonly output: () => string;
  /** Waits until the condition holds; fails at once, with the output, if the tool ends before. */
  readonly until: (what: string, holds: () => boolean | Promise<boolean>) => Promise<void>;
  /** Ends it and all its children. */
  readonly stop: () => Promise<void>;
}

export interface ToolOptions {
  /** Its whole environment besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly atEnd?: AtEnd;
}

/** Starts a program in the foreground. It and all its children are ended after the test. */
export function startTool(
  command: string,
  args: readonly string[],
  { env = {}, cwd, atEnd = onTestFinished }: ToolOptions = {},
): Tool {
  // In a group of its own, so that one signal reaches its children too.
  const child = spawn(command, args, {
    ...{ cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] as const },
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let output = '';
  let failure: Error | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  child.on('error', (error) => (failure = error));
  const hasEnded = (): boolean =>
    failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  const signal = (name: NodeJS.Signals | 0): boolean => {
    if (child.pid === undefined) return false;
    try {
      return process.kill(-child.pid, name);
    } catch {
      // Nobody of the group is left.
      return false;
    }
  };
  const stop = async (): Promise<void> => {
    signal('SIGKILL');
    if (!hasEnded()) await once(child, 'exit');
    await until(`all of ${command} has ended`, () => !signal(0));
  };
  atEnd(stop);
  return {
    output: () => output,
    until: (what, holds) =>
      until(`${what}, by ${command}`, async () => {
        if (hasEnded()) throw new Error(`${command} has ended: ${failure?.message ?? output}`);
        return holds();
      }),
    stop,
  };
}
