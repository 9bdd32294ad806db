import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countGrowth, growthWindows } from '../../src/stats/count-growth.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import type { Deletion, Store } from '../../src/store/store.js';
import { countedReport, noon, TODAY, uidOf } from '../support/counted-report.js';

const DAYS = 70;

const visit = fc.record({
  user: fc.nat(12),
  ago: fc.nat(DAYS),
  ci: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
});

/** What the people of a store must tell of growth, found by looking at each of them. */
export function growthContract(
  storeOf: () => Store,
  apply: (...reports: CountedReport[]) => Promise<void>,
  erase: (...deletions: Deletion[]) => Promise<void>,
): void {
  it('adds up for every window, whoever comes late, turns out to be a person, or is deleted', async () => {
    const lists = fc.record({
      first: fc.array(visit, { minLength: 1, maxLength: 30 }),
      later: fc.array(visit, { maxLength: 10 }),
      deleted: fc.nat(12),
      project: fc.uuid(),
    });
    await fc.assert(
      fc.asyncProperty(lists, async ({ first, later, deleted, project }) => {
        const reports = [...first, ...later].map(({ user, ago, ci }) =>
          countedReport({ project, user: `${user}${project}`.slice(0, 16), day: TODAY - ago, ci }),
        );
        await apply(...reports.slice(0, first.length));
        await apply(...reports.slice(first.length));
        const uid = uidOf(`${deleted}${project}`.slice(0, 16));
        await erase({ project, uid, ownerHash: null, deletedAt: noon(TODAY) });
        const left = [...first, ...later].filter(({ user }) => user !== deleted);
        const people = [...new Set(left.map(({ user }) => user))]
          .map((user) => left.filter((one) => one.user === user))
          .filter((visits) => visits.some(({ ci }) => !ci))
          .map((visits) => visits.map(({ ago }) => TODAY - ago));
        for (const length of [1, 7, 28]) {
          const days = { from: TODAY - DAYS - 1, to: TODAY + 30 };
          const windows = growthWindows(days, length);
          const question = { project, ci: false, windows };
          const rows = countGrowth(await storeOf().reader.peopleWindows(question));
          for (const [at, row] of rows.entries()) {
            const day = days.from + at;
            const isActive = (seen: readonly number[], on: number): boolean =>
              seen.some((one) => one > on - length && one <= on);
            const now = people.filter((seen) => isActive(seen, day));
            const before = people.filter((seen) => isActive(seen, day - 1));
            expect({ day, ...row }).toEqual({
              day,
              active: now.length,
              active_before: before.length,
              new: people.filter((seen) => Math.min(...seen) === day).length,
              retained: now.filter((seen) => before.includes(seen)).length,
              resurrected: now.filter((seen) => !before.includes(seen) && Math.min(...seen) < day)
                .length,
              lost: before.filter((seen) => !now.includes(seen)).length,
            });
            expect(row.active - row.active_before).toBe(row.new + row.resurrected - row.lost);
          }
        }
      }),
      { numRuns: 12 },
    );
  });
}
