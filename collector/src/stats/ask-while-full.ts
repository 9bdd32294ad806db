import { setTimeout as wait } from 'node:timers/promises';
import { isStoreFull } from '../store-down-error.js';
import type { FairQueue } from './fair-queue.js';

/** How long a job that was refused a connection waits before it runs again, in milliseconds. */
const PAUSE_MS = 50;

/**
 * Lets jobs that the store has no connection for run again: another worker may have one, or a page
 * gives one back meanwhile.
 *
 * @param waitMs - For how long.
 */
export const askWhileFull = <Worker>(
  queue: FairQueue<Worker>,
  waitMs: number,
): FairQueue<Worker> => ({
  run: async (client, job, only) => {
    const endMs = performance.now() + waitMs;
    for (;;) {
      try {
        return await queue.run(client, job, only);
      } catch (error) {
        if (!isStoreFull(error) || performance.now() > endMs) throw error;
      }
      await wait(PAUSE_MS);
    }
  },
});
