import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countActive, countAll } from '../../src/stats/windows.js';

const SPAN = 60;
const LONGEST_GAP = 400;

/** The days on which each of some people was active. */
const people = fc.array(fc.uniqueArray(fc.nat(SPAN), { minLength: 1, maxLength: 12 }), {
  maxLength: 12,
});

const windows = fc.array(
  fc
    .record({
      lastDay: fc.integer({ min: -5, max: SPAN + 5 }),
      length: fc.integer({ min: 1, max: 70 }),
    })
    .map(({ lastDay, length }) => ({ firstDay: lastDay - length + 1, lastDay })),
  { maxLength: 5 },
);

/** How long ago each day’s day before was, person by person. */
const gapsOf = (days: readonly number[]) =>
  [...days]
    .sort((a, b) => a - b)
    .map((day, at, all) => {
      const before = all[at - 1];
      return { day, gap: before === undefined ? 0 : day - before, n: 1 };
    });

describe('a window', () => {
  it('has everybody who was active in it, once', () => {
    fc.assert(
      fc.property(people, windows, (all, asked) => {
        const expected = asked.map(
          ({ firstDay, lastDay }) =>
            all.filter((days) => days.some((day) => day >= firstDay && day <= lastDay)).length,
        );
        expect(countActive(all.flatMap(gapsOf), asked)).toEqual(expected);
      }),
    );
  });

  it('has the same count in a row of windows as by itself', () => {
    const rows = fc
      .record({
        lastDays: fc.uniqueArray(fc.integer({ min: -5, max: SPAN + 5 }), { minLength: 2 }),
        length: fc.integer({ min: 1, max: 70 }),
      })
      .map(({ lastDays, length }) =>
        [...lastDays]
          .sort((a, b) => a - b)
          .map((lastDay) => ({ firstDay: lastDay - length + 1, lastDay })),
      );
    fc.assert(
      fc.property(people, rows, (all, asked) => {
        const expected = asked.map(
          ({ firstDay, lastDay }) =>
            all.filter((days) => days.some((day) => day >= firstDay && day <= lastDay)).length,
        );
        expect(countActive(all.flatMap(gapsOf), asked)).toEqual(expected);
      }),
    );
  });

  it('has everything of its days, where all is counted', () => {
    fc.assert(
      fc.property(people, windows, (all, asked) => {
        const days = all.flat();
        const counts = days.map((day) => ({ day, n: 1 }));
        const expected = asked.map(
          ({ firstDay, lastDay }) => days.filter((day) => day >= firstDay && day <= lastDay).length,
        );
        expect(countAll(counts, asked)).toEqual(expected);
      }),
    );
  });

  it('may begin in the middle of a gap, but not have both of its ends', () => {
    const counts = [
      { day: 10, gap: 0, n: 3 },
      { day: 20, gap: 10, n: 2 },
      { day: 20, gap: LONGEST_GAP, n: 1 },
    ];
    const of = (firstDay: number, lastDay: number) =>
      countActive(counts, [{ firstDay, lastDay }])[0];
    expect([of(10, 10), of(11, 20), of(10, 20), of(10, 19), of(21, 30)]).toEqual([3, 3, 4, 3, 0]);
  });
});
