import type { Projects } from '../access/projects.js';
import type { Job } from '../jobs/job.js';
import type { Journal } from '../journal/journal.js';
import type { ReaderOperations } from '../store/store.js';

const HOUR_MS = 60 * 60 * 1000;

/** The job that erases what cleanings took out once they can no longer be undone. */
export const expireCleanings = (parts: {
  readonly journal: Pick<Journal, 'append'>;
  readonly store: Pick<ReaderOperations, 'cleanings'>;
  readonly projects: Pick<Projects, 'eraseRemoved'>;
}): Job => ({
  name: 'expire-cleanings',
  everyMs: HOUR_MS,
  isShared: true,
  run: async ({ startedAt }) => {
    const at = startedAt.getTime();
    const over = (await parts.store.cleanings()).filter(
      ({ state, until }) => state === 'taken' && until <= at,
    );
    if (over.length > 0) {
      await parts.journal.append([{ kind: 'cleaning', step: { step: 'expire', at } }]);
    }
    await parts.projects.eraseRemoved(startedAt);
    return { cleanings: over.length };
  },
});
