import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HIDDEN, suppress } from '../../src/access/suppression.js';
import { findSmallGroups, type PublishedWindow } from '../model/find-small-groups.js';

const K = 10;
const DAYS = 56;
const VALUES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** People who are alike: how many, on which days, and with which value, before and after a change. */
interface Crowd {
  readonly people: number;
  readonly days: readonly number[];
  readonly value: string;
  readonly later: string;
  readonly changedAt: number;
}

const value = fc.constantFrom(...VALUES);
const days = fc.oneof(
  fc.integer({ min: 0, max: DAYS - 1 }).map((day) => [day]),
  fc.uniqueArray(fc.integer({ min: 0, max: DAYS - 1 }), { minLength: 1, maxLength: 8 }),
  fc.constant(Array.from({ length: DAYS }, (_, day) => day)),
);
const people = fc.oneof(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 8, max: 14 }),
  fc.constantFrom(40, 200),
);
const crowd = (isChanging: boolean): fc.Arbitrary<Crowd> =>
  fc
    .record({ people, days, value, later: value, changedAt: fc.nat(DAYS) })
    .map((one) => (isChanging ? one : { ...one, later: one.value }));

/** Windows of 28, 7 and 1 days. */
const spans = [28, 7, 1].flatMap((length) =>
  Array.from({ length: DAYS / length }, (_, at) => ({
    firstDay: at * length,
    lastDay: (at + 1) * length - 1,
  })),
);

const valuesIn = (one: Crowd, { firstDay, lastDay }: { firstDay: number; lastDay: number }) =>
  new Set(
    one.days
      .filter((day) => day >= firstDay && day <= lastDay)
      .map((day) => (day < one.changedAt ? one.value : one.later)),
  );

function count(crowds: readonly Crowd[]) {
  const values = new Map(VALUES.map((name) => [name, spans.map(() => 0)]));
  const totals = spans.map((span, at) => {
    let total = 0;
    for (const one of crowds) {
      const had = valuesIn(one, span);
      if (had.size > 0) total += one.people;
      for (const name of had) {
        const counts = values.get(name) ?? [];
        counts[at] = (counts[at] ?? 0) + one.people;
      }
    }
    return total;
  });
  return { spans, totals, values };
}

type Counted = ReturnType<typeof count>;

/** What is published if a rule says, for each window, which values are named. */
function publish(counted: Counted, isNamed: (name: string, at: number) => boolean) {
  return spans.map((span, at): PublishedWindow => {
    const named = new Map(
      VALUES.filter((name) => isNamed(name, at))
        .map((name): [string, number] => [name, counted.values.get(name)?.[at] ?? 0])
        .filter(([, n]) => n > 0),
    );
    return { ...span, total: counted.totals[at] ?? 0, named, other: undefined };
  });
}

function publishSuppressed(counted: Counted): PublishedWindow[] {
  const { values, other } = suppress(counted, K);
  return spans.map((span, at) => {
    const named = [...values].flatMap(([name, shown]): [string, number][] => {
      const n = shown[at] ?? HIDDEN;
      return n > 0 ? [[name, n]] : [];
    });
    const total = counted.totals[at] ?? 0;
    return { ...span, total, named: new Map(named), other: other[at] || undefined };
  });
}

const crowds = (isChanging: boolean) =>
  fc.array(crowd(isChanging), { minLength: 1, maxLength: 12 });

describe('suppressed cells', () => {
  it.each([
    ['keep to one value', false],
    ['change it', true],
  ])('give no group of fewer than k people, where people %s', (_name, isChanging) => {
    fc.assert(
      fc.property(crowds(isChanging), (some) => {
        expect(findSmallGroups(publishSuppressed(count(some)), K, !isChanging)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('would give one without the rules: the check sees each that is left out', () => {
    const fails = (rule: (counted: Counted) => PublishedWindow[]): boolean =>
      fc.check(
        fc.property(
          crowds(false),
          (some) => findSmallGroups(rule(count(some)), K, true).length === 0,
        ),
        { numRuns: 100 },
      ).failed;
    const everything = (counted: Counted) => publish(counted, () => true);
    // Small cells are left out, and nothing beside them.
    const onlySmall = (counted: Counted) =>
      publish(counted, (name, at) => (counted.values.get(name)?.[at] ?? 0) >= K);
    // Each window by itself is as it should be; differences between windows are not looked at.
    const eachAlone = (counted: Counted) => {
      const alone = spans.map((span, at) =>
        suppress(
          {
            spans: [span],
            totals: [counted.totals[at] ?? 0],
            values: new Map([...counted.values].map(([name, n]) => [name, [n[at] ?? 0]])),
          },
          K,
        ),
      );
      return publish(counted, (name, at) => (alone[at]?.values.get(name)?.[0] ?? HIDDEN) > 0);
    };
    expect([everything, onlySmall, eachAlone].map(fails)).toEqual([true, true, true]);
  });

  it('are as they are where all are large', () => {
    const every = Array.from({ length: DAYS }, (_, day) => day);
    const some = VALUES.map((name) => ({
      ...{ people: 50, days: every, value: name, later: name, changedAt: 0 },
    }));
    const { values, other } = suppress(count(some), K);
    expect([...values.values()].every((counts) => counts.every((n) => n === 50))).toBe(true);
    expect(other.every((n) => n === 0)).toBe(true);
  });

  it('join a small cell with the next smallest', () => {
    const { values, other } = suppress(
      {
        spans: [{ firstDay: 0, lastDay: 0 }],
        totals: [93],
        values: new Map([
          ['Linux', [60]],
          ['Darwin', [30]],
          ['Windows', [3]],
        ]),
      },
      K,
    );
    expect([...values.keys()]).toEqual(['Linux']);
    expect([...other]).toEqual([33]);
  });
});
