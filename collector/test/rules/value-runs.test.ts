import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeActivity, ONE_DAY } from '../../src/rules/activity-bits.js';
import { mergeRuns, type ValuedActivity, valuesOn } from '../../src/rules/value-runs.js';
import { decodeRuns, encodeRuns } from '../../src/store/codec/runs-column.js';

const oneDay = (day: number, values: readonly number[]): ValuedActivity<number> => ({
  lastDay: day,
  bits: ONE_DAY,
  runs: [{ lastDay: day, values }],
});

const merge = (a: ValuedActivity<number>, b: ValuedActivity<number>): ValuedActivity<number> => ({
  lastDay: Math.max(a.lastDay, b.lastDay),
  bits: mergeActivity(a, b),
  runs: mergeRuns(a, b),
});

const day = fc.integer({ min: 20_000, max: 20_050 });
const values = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(7, 130, 70_000));

describe('value runs', () => {
  it('tell what a user first had on each day, whatever the order of the days', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(day, values), { minLength: 1, maxLength: 40 }), (all) => {
        const first = new Map<number, readonly number[]>();
        for (const [on, had] of all) if (!first.has(on)) first.set(on, had);
        const [start, ...rest] = all.map(([on, had]) => oneDay(on, had));
        const { runs, lastDay } = rest.reduce(merge, start ?? oneDay(0, []));
        for (const [on, had] of first) expect(valuesOn(runs, on)).toEqual(had);
        expect(decodeRuns(encodeRuns(runs, lastDay), lastDay)).toEqual(runs);
      }),
    );
  });

  it('are one for as long as nothing changes', () => {
    const user = [1, 2, 9, 5].map((on) => oneDay(on, [4])).reduce(merge);
    expect(user.runs).toEqual([{ lastDay: 9, values: [4] }]);
    expect(encodeRuns(user.runs, 9)).toHaveLength(3);
  });

  it('go when their last day does', () => {
    const user = [oneDay(0, [1]), oneDay(1, [2]), oneDay(400, [2])].reduce(merge);
    expect(user.runs).toEqual([{ lastDay: 400, values: [2] }]);
  });
});
