import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import process from 'node:process';

const TIMEOUT_MS = 1_000;

/**
 * What node-machine-id gets in place of `child_process.exec` (build/bounded-machine-id.ts): it
 * gives its command no limit, and one that hangs would be left behind. Here the command and all it
 * has started are gone after a second.
 */
export function exec(
  command: string,
  _options: unknown,
  callback: (error: Error | null, stdout: string) => void,
): void {
  const isPosix = process.platform !== 'win32';
  const child = spawn(command, {
    shell: true,
    detached: isPosix, // a process group of its own, to be ended as a whole
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => {
    try {
      if (isPosix && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      child.kill('SIGKILL'); // the group is gone already
    }
    child.stdout.destroy();
  }, TIMEOUT_MS);
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('error', (error) => {
    clearTimeout(timer);
    callback(error, '');
  });
  child.once('close', (code) => {
    clearTimeout(timer);
    const isDone = code === 0;
    callback(isDone ? null : new Error(`it ended with ${code}`), Buffer.concat(chunks).toString());
  });
}
