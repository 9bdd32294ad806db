import type { Job } from '../jobs/job.js';
import { DAY_MS } from '../rules/day.js';
import type { DropCursor, Folded, FoldSlice } from '../store/store.js';

interface FoldJobParts {
  readonly fold: (slice: FoldSlice) => Promise<Folded>;
  /** Lets what has come be counted before a slice. */
  readonly letCount: () => Promise<unknown>;
}

/** The job that makes fewer rows of counts that several nodes have added to. */
export const createFoldJob = ({ fold, letCount }: FoldJobParts): Job => ({
  name: 'fold-lanes',
  everyMs: DAY_MS,
  isShared: true,
  run: async ({ sliceMs, pause }) => {
    let after: DropCursor | null = null;
    let rows = 0;
    do {
      await pause(0);
      await letCount();
      const folded: Folded = await fold({ after, limitMs: sliceMs });
      rows += folded.rows;
      after = folded.next;
    } while (after !== null);
    return { rows };
  },
});
