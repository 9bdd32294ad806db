import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cells, HIDDEN, suppress } from '../../src/access/suppression.js';
import { findSmallGroups, type PublishedWindow } from '../model/find-small-groups.js';

const K = 10;
const DAYS = 56;
const AGES = ['week_1', 'weeks_2_4', 'weeks_5_24', 'older'];

/** People who came on one day, before day 0 too, and were active on some days. */
const crowd = fc
  .record({
    people: fc.oneof(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 8, max: 14 }),
      fc.constantFrom(40, 200),
    ),
    first: fc.oneof(
      fc.integer({ min: -8, max: DAYS - 1 }),
      fc.integer({ min: -300, max: DAYS - 1 }),
    ),
    after: fc.oneof(
      fc.uniqueArray(fc.nat(12), { maxLength: 4 }),
      fc.uniqueArray(fc.nat(300), { maxLength: 8 }),
      fc.constant(Array.from({ length: 356 }, (_, day) => day)),
    ),
  })
  .map(({ people, first, after }) => ({
    ...{ people, first },
    days: [...new Set([0, ...after])].map((days) => first + days).filter((day) => day < DAYS),
  }));
type Crowd = typeof crowd extends fc.Arbitrary<infer Value> ? Value : never;

const spans = [28, 7, 1].flatMap((length) =>
  Array.from({ length: DAYS / length }, (_, at) => ({
    firstDay: at * length,
    lastDay: (at + 1) * length - 1,
  })),
);

function ageOf(known: number): string {
  const at = [7, 28, 168].findIndex((start) => known < start);
  return AGES.at(at) ?? '';
}

function count(crowds: readonly Crowd[]): Cells & { readonly news: readonly number[] } {
  const sum = (isIn: (one: Crowd, days: readonly number[]) => boolean): number[] =>
    spans.map(({ firstDay, lastDay }) =>
      crowds.reduce((total, one) => {
        const days = one.days.filter((day) => day >= firstDay && day <= lastDay);
        return total + (days.length > 0 && isIn(one, days) ? one.people : 0);
      }, 0),
    );
  return {
    spans,
    totals: sum(() => true),
    news: sum(({ first }, days) => days.includes(first)),
    values: new Map(
      AGES.map((age) => [
        age,
        sum(({ first }, days) => days.some((day) => ageOf(day - first) === age)),
      ]),
    ),
  };
}

/** What is published, as it is, and less the people whose number is known as a total. */
function publish(cells: ReturnType<typeof count>, isKnown: boolean): PublishedWindow[][] {
  const { totals, news } = cells;
  const known = { value: 'week_1', people: news };
  const { values, other, isShort } = suppress(isKnown ? { ...cells, known } : cells, K);
  if (isKnown) expect(isShort).not.toContain(true);
  const windows = spans.map((span, at): PublishedWindow => {
    const named = [...values].flatMap(([name, shown]): [string, number][] => {
      const n = shown[at] ?? HIDDEN;
      return n > 0 ? [[name, n]] : [];
    });
    return {
      ...span,
      total: totals[at] ?? 0,
      named: new Map(named),
      other: other[at] || undefined,
    };
  });
  const without = windows.map(({ named, total, other: rest, ...span }, at): PublishedWindow => {
    const n = news[at] ?? 0;
    const young = named.get('week_1');
    const left = new Map(named);
    if (young !== undefined) left.set('week_1', young - n);
    const isTotal = named.size === 0 || rest === undefined;
    return {
      ...{ ...span, total: total - n, named: left },
      other: isTotal ? undefined : rest - (young === undefined ? n : 0),
    };
  });
  return [windows, without];
}

const crowds = fc.array(crowd, { minLength: 1, maxLength: 12 });
const findAll = (some: readonly Crowd[], isKnown: boolean): string[] =>
  publish(count(some), isKnown).flatMap((windows) => findSmallGroups(windows, K, false));

describe('cells of which some people are known besides', () => {
  it('give no group of fewer than k people, with them or without them', () => {
    let shown = 0;
    fc.assert(
      fc.property(crowds, (some) => {
        expect(findAll(some, true)).toEqual([]);
        const [windows = []] = publish(count(some), true);
        shown += windows.filter(({ named }) => named.size > 0).length;
      }),
      { numRuns: 150 },
    );
    expect(shown).toBeGreaterThan(0);
  });

  it('would give one if nobody looked at those who are known', () => {
    const { failed } = fc.check(
      fc.property(crowds, (some) => findAll(some, false).length === 0),
      { numRuns: 100 },
    );
    expect(failed).toBe(true);
  });
});
