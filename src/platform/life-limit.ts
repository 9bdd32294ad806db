import process from 'node:process';
import { Worker } from 'node:worker_threads';

/**
 * Kills this process after a time, also while its own thread hangs in a call of the system: the
 * timer runs in a thread of its own. SIGKILL, since exit would wait for a name look-up.
 */
export function limitLife(ms: number): void {
  try {
    const watch = new Worker(
      `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${Math.round(ms)})`,
      { eval: true, env: {}, execArgv: [] },
    );
    watch.on('error', () => undefined);
    watch.unref();
  } catch {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms);
  }
}
