import type { Worker } from 'node:worker_threads';

/** The worker threads that are started while something starts, in their order. */
export async function noteWorkers<Started>(
  start: () => Promise<Started>,
): Promise<{ started: Started; workers: readonly Worker[] }> {
  const workers: Worker[] = [];
  const note = (worker: Worker): void => void workers.push(worker);
  process.on('worker', note);
  try {
    return { started: await start(), workers };
  } finally {
    process.off('worker', note);
  }
}
