import { describe, expect, it } from 'vitest';
import { HIDDEN, suppress } from '../../src/access/suppression.js';

const K = 4;
/** People of each kind at most: large enough that people are lent in every window. */
const MOST = 8;

/** Two days, and the window of both. */
const SPANS = [
  { firstDay: 0, lastDay: 1 },
  { firstDay: 0, lastDay: 0 },
  { firstDay: 1, lastDay: 1 },
];

/** How many people were there on the first day alone, on the second alone, and on both. */
type Days = readonly [first: number, second: number, both: number];

const upTo = (most: number): number[] => Array.from({ length: most + 1 }, (_, n) => n);
const split = ([first, second, both]: Days): Days[] =>
  upTo(first).flatMap((a) => upTo(second).flatMap((b) => upTo(both).map((c): Days => [a, b, c])));
const inWindows = ([first, second, both]: Days): number[] => [
  first + second + both,
  first + both,
  second + both,
];

/** All that is published of some people, of whom `rare` have another value than the others. */
function publish(people: Days, rare: Days) {
  const totals = inWindows(people);
  const few = inWindows(rare);
  const many = totals.map((total, at) => total - (few[at] ?? 0));
  const { values, other, isShort } = suppress(
    {
      spans: SPANS,
      totals,
      values: new Map([
        ['many', many],
        ['few', few],
      ]),
    },
    K,
  );
  const write = (without: readonly boolean[]): string =>
    JSON.stringify(
      [...values].map(([name, n]) => [name, [...n].map((one, at) => (without[at] ? HIDDEN : one))]),
    ) + JSON.stringify([...other].map((n, at) => (without[at] ? totals[at] : n)));
  return {
    /** With the windows in which people are lent, and with nothing named in them. */
    texts: { all: write([]) + JSON.stringify(isShort), without: write(isShort) },
    isShort,
    many: [...(values.get('many') ?? [])],
    truth: many,
  };
}

/** The numbers of people of each value in each window, and in each difference between two. */
const groupsOf = (people: Days, rare: Days): number[] => [
  ...inWindows(rare),
  ...rare.slice(0, 2),
  ...inWindows(people).map((total, at) => total - (inWindows(rare)[at] ?? 0)),
  ...people.slice(0, 2).map((n, at) => n - (rare[at] ?? 0)),
];

/** Fewer than k are lent of a value that is named. */
function checkLent(isShort: readonly boolean[], shown: number[], truth: number[]): void {
  for (const [at, n] of shown.entries()) {
    if (n === HIDDEN) continue;
    const lent = (truth[at] ?? 0) - n;
    if (lent < 0 || lent >= K || lent > 0 !== isShort[at]) throw new Error(`${lent} are lent.`);
  }
}

/** Which groups have the same small number of people in every population. */
function smallIn(populations: readonly (readonly number[])[] = []): number[] {
  const [first = []] = populations;
  return [...first.entries()]
    .filter(([at, n]) => n > 0 && n < K && populations.every((one) => one[at] === n))
    .map(([at]) => at);
}

describe('people who are lent to `other`', () => {
  // The two days are alike.
  const all = split([MOST, MOST, MOST]).filter(([first, second]) => first <= second);

  it('tell a reader who knows the rules and tries every population no small group', () => {
    let lent = 0;
    for (const people of all) {
      const [seen, unseen] = [new Map<string, number[][]>(), new Map<string, number[][]>()];
      const pairs = new Map<string, string>();
      for (const rare of split(people)) {
        const { texts, isShort, many, truth } = publish(people, rare);
        const groups = groupsOf(people, rare);
        seen.set(texts.all, [...(seen.get(texts.all) ?? []), groups]);
        unseen.set(texts.without, [...(unseen.get(texts.without) ?? []), groups]);
        checkLent(isShort, many, truth);
        if (isShort.includes(true)) pairs.set(texts.all, texts.without);
      }
      lent += pairs.size;
      for (const [text, without] of pairs) {
        const told = smallIn(seen.get(text));
        const toldAnyway = smallIn(unseen.get(without));
        const more = told.filter((at) => !toldAnyway.includes(at));
        if (more.length > 0) expect({ people, text, more }).toEqual({ people, text, more: [] });
      }
    }
    expect(lent).toBeGreaterThan(300);
  });

  it.each([
    ['one stranger', 400, 1, { shown: 391, other: 10 }],
    ['nine strangers', 400, 9, { shown: 399, other: 10 }],
    ['ten strangers, who are shown themselves', 400, 10, { shown: 400, other: 0 }],
    ['nobody', 400, 0, { shown: 400, other: 0 }],
    ['one of too few in all', 30, 1, { shown: HIDDEN, other: 31 }],
  ])('keep a value visible beside %s', (_name, many, few, expected) => {
    const { values, other } = suppress(
      {
        spans: [{ firstDay: 0, lastDay: 0 }],
        totals: [many + few],
        values: new Map([
          ['1.0.0', [many]],
          ['9.9.9', [few]],
        ]),
      },
      10,
    );
    expect({ shown: values.get('1.0.0')?.[0] ?? HIDDEN, other: other[0] }).toEqual(expected);
  });

  it('are not lent where the days of a window tell who they are', () => {
    // On two days nobody has another value, and on the third there is nobody but the stranger.
    const spans = [0, 1, 2].map((day) => ({ firstDay: day, lastDay: day }));
    const three = (stranger: number) =>
      suppress(
        {
          spans: [{ firstDay: 0, lastDay: 2 }, ...spans],
          totals: [101, 60, 60, stranger],
          values: new Map([
            ['1.0.0', [100, 60, 60, stranger - 1]],
            ['9.9.9', [1, 0, 0, 1]],
          ]),
        },
        10,
      );
    expect(three(1).values.get('1.0.0')?.[0] ?? HIDDEN).toBe(HIDDEN);
    // Beside others on the third day, nobody knows how many strangers there are.
    const { values, isShort } = three(61);
    expect([...(values.get('1.0.0') ?? [])]).toEqual([91, 60, 60, 51]);
    expect(isShort).toEqual([true, false, false, true]);
  });
});
