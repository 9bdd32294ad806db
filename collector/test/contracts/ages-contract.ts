import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CountedReport } from '../../src/rules/counted-report.js';
import type { Deletion, Store } from '../../src/store/store.js';
import { countedReport, noon, TODAY, uidOf } from '../support/counted-report.js';

/** The days of each age, counted from 0 on the first day. */
const AGES = {
  week_1: [0, 6],
  weeks_2_4: [7, 27],
  weeks_5_24: [28, 167],
  older: [168, Infinity],
} as const;

const DAYS = 240;

const visit = fc.record({
  user: fc.nat(6),
  ago: fc.oneof(
    fc.nat(DAYS),
    // Around the days on which the age changes, for those who came on the first or on the last day.
    fc.constantFrom(0, 1, 6, 7, 27, 28, 167, 168, DAYS - 168, DAYS - 28, DAYS - 7, DAYS),
  ),
  ci: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
});

/** What a store must tell of how long people have been known, found by looking at each of them. */
export function agesContract(
  storeOf: () => Store,
  apply: (...reports: CountedReport[]) => Promise<void>,
  erase: (...deletions: Deletion[]) => Promise<void>,
): void {
  const week1 = [{ value: 'week_1', counts: [1] }];
  const ask = (days: number, lastDay = TODAY, project: string | null = 'acme') =>
    storeOf().reader.valueWindows({
      ...{ project, dimension: 'age' },
      windows: [{ firstDay: lastDay - days + 1, lastDay }],
    });

  it('are those of the day, from the first day on', async () => {
    await apply(countedReport({ day: TODAY - 168 }));
    for (const [at, value] of [
      [6, 'week_1'],
      [7, 'weeks_2_4'],
      [27, 'weeks_2_4'],
      [28, 'weeks_5_24'],
      [167, 'weeks_5_24'],
      [168, 'older'],
    ] as const) {
      const day = TODAY - 168 + at;
      await apply(countedReport({ day }));
      expect({ at, rows: await ask(1, day) }).toEqual({ at, rows: [{ value, counts: [1] }] });
    }
    // Who had two ages in a window counts under both.
    expect(await ask(2)).toEqual([
      { value: 'older', counts: [1] },
      { value: 'weeks_5_24', counts: [1] },
    ]);
  });

  it('change on all days with an earlier first day', async () => {
    await apply(countedReport({ day: TODAY }), countedReport({ day: TODAY - 1 }));
    expect(await ask(1)).toEqual(week1);
    await apply(countedReport({ day: TODAY - 7 }));
    expect(await ask(1)).toEqual([{ value: 'weeks_2_4', counts: [1] }]);
    expect(await ask(1, TODAY - 1)).toEqual(week1);
    await apply(countedReport({ day: TODAY - 29 }));
    expect(await ask(2)).toEqual([{ value: 'weeks_5_24', counts: [1] }]);
    expect(await ask(1, TODAY - 7)).toEqual([{ value: 'weeks_2_4', counts: [1] }]);
  });

  it('are told of each project, and of all together', async () => {
    await apply(
      countedReport({ day: TODAY - 7 }),
      countedReport(),
      countedReport({ project: 'other' }),
    );
    expect(await ask(1, TODAY, 'other')).toEqual(week1);
    expect(await ask(1, TODAY, null)).toEqual([...week1, { value: 'weeks_2_4', counts: [1] }]);
  });

  it('fit each person, whoever comes late, turns out to be a person, or is deleted', async () => {
    const lists = fc.record({
      first: fc.array(visit, { minLength: 1, maxLength: 30 }),
      later: fc.array(visit, { maxLength: 10 }),
      deleted: fc.nat(6),
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
        for (const length of [1, 7, 28, 31]) {
          const windows = Array.from({ length: DAYS + 32 }, (_, at) => {
            const lastDay = TODAY - DAYS + at;
            return { firstDay: lastDay - length + 1, lastDay };
          });
          const rows = await storeOf().reader.valueWindows({ project, dimension: 'age', windows });
          const expected = Object.entries(AGES)
            .map(([value, [from, to]]) => ({
              value,
              counts: windows.map(({ firstDay, lastDay }) => {
                const hadAge = (seen: readonly number[]): boolean =>
                  seen.some((day) => {
                    const known = day - Math.min(...seen);
                    return day >= firstDay && day <= lastDay && known >= from && known <= to;
                  });
                return people.filter(hadAge).length;
              }),
            }))
            .filter(({ counts }) => counts.some((n) => n > 0))
            .sort((a, b) => (a.value < b.value ? -1 : 1));
          expect({ length, rows }).toEqual({ length, rows: expected });
        }
      }),
      { numRuns: 12 },
    );
  });
}
