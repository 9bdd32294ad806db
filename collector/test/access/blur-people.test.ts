import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blurPeople, type ListedPerson } from '../../src/access/blur-people.js';

const K = 5;

const person = (changes: Partial<ListedPerson> = {}): ListedPerson => ({
  firstDate: '2026-11-20',
  lastDate: '2026-11-22',
  os: 'Linux',
  version: '1.0.0',
  reports: 3,
  ...changes,
});

const times = (n: number, one: ListedPerson): ListedPerson[] =>
  Array.from({ length: n }, () => one);

describe('blurred people', () => {
  it('are each equal to at least four others, or to all', () => {
    const anybody = fc.record({
      firstDate: fc.constantFrom('2026-11-01', '2026-11-19', '2026-11-20', '2026-11-22'),
      lastDate: fc.constantFrom('2026-11-21', '2026-11-22'),
      os: fc.constantFrom('Linux', 'Linux', 'Darwin', 'Windows'),
      version: fc.constantFrom('1.0.0', '1.0.0', '2.0.0', '3.0.0'),
      reports: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(anybody, { maxLength: 20 }), (people) => {
        const blurred = blurPeople(people, K).map((one) => JSON.stringify(one));
        expect(blurred).toHaveLength(people.length);
        const sizes = new Map<string, number>();
        for (const one of blurred) sizes.set(one, (sizes.get(one) ?? 0) + 1);
        for (const size of sizes.values()) {
          expect(size).toBeGreaterThanOrEqual(Math.min(K, people.length));
        }
      }),
    );
  });

  it('do not depend on the order they were seen in', () => {
    const people = Array.from({ length: 12 }, (_, n) =>
      person({ reports: n, os: n % 2 === 0 ? 'Linux' : 'Darwin' }),
    );
    expect(blurPeople(people.toReversed(), K)).toEqual(blurPeople(people, K));
  });

  it('are as they are where enough are the same', () => {
    const people = times(6, person());
    expect(blurPeople(people, K)).toEqual(people);
  });

  it('have days in common with others: six people of six days are one group', () => {
    const people = Array.from({ length: 6 }, (_, n) =>
      person({ firstDate: `2026-11-1${n}`, reports: n + 1 }),
    );
    expect(blurPeople(people, K)).toEqual(
      times(6, person({ firstDate: '2026-11-10', reports: 1 })),
    );
  });

  it('have no value that fewer than five of them have, and the next smallest goes with it', () => {
    const windows = times(2, person({ os: 'Windows' }));
    const people = [...times(9, person()), ...windows, ...times(6, person({ os: 'Darwin' }))];
    const shown = blurPeople(people, K).map(({ os }) => os);
    expect(shown.sort()).toEqual([
      ...Array<string>(9).fill('Linux'),
      ...Array<string>(8).fill('other'),
    ]);
  });

  it('show no value where there are fewer than five in all', () => {
    expect(blurPeople([person()], K)).toEqual([person({ os: 'other', version: 'other' })]);
  });
});
