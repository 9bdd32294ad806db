import type { Job } from '../jobs/job.js';
import type { GivenBack } from '../sqlite/give-back.js';

/** A database that can give room back, in slices of so many milliseconds. */
export interface GivingBack {
  readonly giveBack: (limitMs: number) => Promise<GivenBack>;
  /** Resolves to whether there is nothing else to do. */
  readonly isIdle: () => Promise<boolean>;
}

const TEN_MINUTES_MS = 10 * 60 * 1000;

/** A slice, in milliseconds: an acknowledgement may wait behind it. */
const SLICE_MS = 10;

/** The name of the job. */
export const DISK_JOB = 'give-back-disk';

/**
 * Gives room that nothing needs any more back to the disk, as long as there is nothing else to do:
 * after a peak of reports, and after retention.
 */
export function createDiskJob(databases: Readonly<Record<string, GivingBack>>): Job {
  return {
    name: DISK_JOB,
    everyMs: TEN_MINUTES_MS,
    run: async ({ pause }) => {
      const bytes: Record<string, number> = {};
      for (const [name, { giveBack, isIdle }] of Object.entries(databases)) {
        for (let isDone = false; !isDone && (await isIdle());) {
          const given = await giveBack(SLICE_MS);
          bytes[name] = (bytes[name] ?? 0) + given.bytes;
          isDone = given.isDone;
          await pause(0);
        }
      }
      const isNothing = Object.values(bytes).every((one) => one === 0);
      return isNothing ? null : { bytes };
    },
  };
}
