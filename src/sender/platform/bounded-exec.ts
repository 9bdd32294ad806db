import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import process from 'node:process';

const TIMEOUT_MS = 1_000;

/**
 * Replaces `child_process.exec` in node-machine-id (build/bounded-machine-id.ts), which sets no
 * time limit: a command that hangs would outlive the host. This ends the command and its children
 * after a second.
 */
export function exec(
  command: string,
  _options: unknown,
  callback: (error: Error | null, stdout: string) => void,
): void {
  const isPosix = process.platform !== 'win32';
  const child = spawn(command, {
    shell: true,
    detached: isPosix, // makes a process group, which can be killed as a whole
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => {
    try {
      if (isPosix && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      child.kill('SIGKILL'); // the group has ended already
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
