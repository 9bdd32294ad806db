import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';

/** Mounts of the test's own, which the rest of the machine does not see. */
export interface Namespace {
  /** Runs a command inside. */
  readonly wrapper: readonly string[];
  /** The path of a file inside, from outside. */
  readonly path: (file: string) => string;
}

/** Makes a mount namespace by a shell script; it is gone after the test. */
export async function startNamespace(script: string, ...args: string[]): Promise<Namespace> {
  const holder = spawn(
    'unshare',
    ['--mount', 'sh', '-euc', `${script}\necho ready; exec sleep 600`, 'sh', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void holder.kill('SIGKILL'));
  let said = '';
  holder.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await eventually(() => {
    if (holder.exitCode !== null) throw new Error(`the namespace ended with ${holder.exitCode}`);
    return said.includes('ready');
  }, 'the namespace');
  return {
    wrapper: ['nsenter', '--target', String(holder.pid), '--mount', '--'],
    path: (file) => `/proc/${holder.pid}/root${file}`,
  };
}
