import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DayForecast } from '../../src/forecast/day-forecast.js';
import { forecastDays } from '../../src/forecast/forecast-days.js';
import { countBy, createRandom, normal, peopleBy } from './random.js';

const FIRST_DAY = 20_000;

/** The days of a forecast, each in the place of its count. */
function daysOf(
  counts: readonly (number | null)[],
  unusual: readonly number[] = [],
): readonly DayForecast[] {
  const unusualDays = new Set(unusual.map((at) => FIRST_DAY + at));
  const forecast = forecastDays({ firstDay: FIRST_DAY, counts, unusualDays });
  if (!forecast.ok) throw new Error('There are too few days.');
  const skipped = counts.length + 1 - forecast.days.length;
  expect(forecast.days[0]?.day).toBe(FIRST_DAY + skipped);
  return [
    ...counts
      .slice(0, skipped)
      .map((observed, at) => ({ day: FIRST_DAY + at, expectation: null, observed, flags: [] })),
    ...forecast.days,
  ];
}

const flagsAt = (days: readonly DayForecast[], at: number) => days[at]?.flags;

/** How many of some seeds hold. */
const shareOf = (seeds: number, holds: (seed: number) => boolean): number =>
  Array.from({ length: seeds }, (_, at) => holds(at + 1)).filter(Boolean).length / seeds;

/** A series in which a share of the people stays away from a day on. */
const withFall = (seed: number, base: number, at: number, share: number): number[] => {
  const random = createRandom(seed);
  return peopleBy(seed, base, at + 10).map((count, day) =>
    day < at ? count : countBy(random, count * (1 - share)),
  );
};

describe('forecastDays', () => {
  it('says that it needs 35 days, counted from the first with people', () => {
    const counts = [0, 0, null, ...Array.from({ length: 34 }, () => 12)];
    expect(forecastDays({ firstDay: FIRST_DAY, counts })).toEqual({
      ok: false,
      error: { code: 'too_few_days', days: 34, needed: 35 },
    });
    expect(forecastDays({ firstDay: FIRST_DAY, counts: [] }).ok).toBe(false);
    expect(forecastDays({ firstDay: FIRST_DAY, counts: Array(400).fill(0) }).ok).toBe(false);
    const forecast = forecastDays({ firstDay: FIRST_DAY, counts: [...counts, 12] });
    if (!forecast.ok) throw new Error('35 days are enough.');
    expect(forecast.days.filter(({ expectation }) => expectation !== null)).toEqual([
      {
        day: FIRST_DAY + 38,
        expectation: { expected: expect.closeTo(12, 6) as number, low: 12, high: 12 },
        observed: null,
        flags: [],
      },
    ]);
  });

  it('ends with the running day, of which nothing is taken', () => {
    const counts = peopleBy(1, 500, 100);
    const running = daysOf(counts).at(-1);
    expect(running).toMatchObject({ day: FIRST_DAY + 100, observed: null, flags: [] });
    expect(running?.expectation?.low).toBeGreaterThan(0);
  });

  it('answers the same days always alike, and later days change nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { minLength: 40, maxLength: 160 }),
        fc.nat(40),
        (all, n) => {
          const counts = [7, ...all];
          const whole = daysOf(counts);
          expect(daysOf(counts)).toEqual(whole);
          const shorter = counts.slice(0, Math.max(35, counts.length - n));
          expect(daysOf(shorter).slice(0, -1)).toEqual(whole.slice(0, shorter.length));
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it('keeps the expected number within its band, whatever the numbers are', () => {
    const count = fc.oneof(fc.nat(3), fc.nat(1_000_000), fc.constant(null), fc.constant(0));
    fc.assert(
      fc.property(fc.array(count, { minLength: 60, maxLength: 200 }), (all) => {
        for (const { expectation } of daysOf([3, ...all])) {
          if (expectation === null) continue;
          const { expected, low, high } = expectation;
          expect(Number.isFinite(expected) && Number.isFinite(high)).toBe(true);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(Math.round(expected));
          expect(high).toBeGreaterThanOrEqual(Math.round(expected) - 1);
        }
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('flags nothing of a constant series, nor of one that is the same each week', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (count) => {
        const days = daysOf(Array.from({ length: 120 }, () => count));
        expect(days.flatMap(({ flags }) => flags)).toEqual([]);
      }),
      { numRuns: 30, seed: 3 },
    );
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 7, maxLength: 7 }), (week) => {
        fc.pre(week.some((count) => count > 0));
        const days = daysOf(Array.from({ length: 150 }, (_, at) => week[at % 7] ?? 0));
        expect(days.flatMap(({ flags }) => flags)).toEqual([]);
        // Once each weekday is known, it is what it was.
        for (const { expectation, observed } of days.slice(100, 150)) {
          expect(Math.abs((expectation?.expected ?? 0) - (observed ?? 0))).toBeLessThanOrEqual(
            0.02 * (observed ?? 0) + 0.5,
          );
        }
      }),
      { numRuns: 30, seed: 4 },
    );
  });

  it('grows with the numbers: ten times the people are ten times expected', () => {
    const counts = peopleBy(5, 20_000, 200);
    const tenfold = daysOf(counts.map((count) => 10 * count));
    for (const [at, { expectation }] of daysOf(counts).entries()) {
      if (expectation === null) continue;
      const ratio = (tenfold[at]?.expectation?.expected ?? 0) / expectation.expected;
      // By chance, ten times the people differ less: what is remarkable is not quite the same.
      expect(Math.abs(ratio - 10)).toBeLessThan(0.2);
    }
  });

  it('does not depend on the day that a week begins with', () => {
    const counts = peopleBy(6, 900, 150);
    const shifted = forecastDays({ firstDay: FIRST_DAY + 3, counts });
    if (!shifted.ok) throw new Error('There are enough days.');
    const expectations = daysOf(counts).map(({ expectation }) => expectation);
    expect(shifted.days.map(({ expectation }) => expectation)).toEqual(expectations);
  });

  it('covers 95 of 100 days and flags at most 1 of 100 at every size', () => {
    for (const base of [3, 10, 100, 1000, 20_000]) {
      let outside = 0;
      let flagged = 0;
      let all = 0;
      for (let seed = 1; seed <= 8; seed++) {
        for (const { expectation, observed, flags } of daysOf(peopleBy(seed, base, 400))) {
          if (expectation === null || observed === null) continue;
          all++;
          if (observed < expectation.low || observed > expectation.high) outside++;
          if (flags.length > 0) flagged++;
        }
      }
      expect([base, outside / all > 0.03 && outside / all < 0.07]).toEqual([base, true]);
      expect([base, flagged / all <= 0.01]).toEqual([base, true]);
    }
  });

  it('finds a fall by day two: 20 % of 1000 people, 50 % of 100, all of 10', () => {
    const isFound = (base: number, share: number) => (seed: number) => {
      const at = 120 + (seed % 70);
      const days = daysOf(withFall(seed, base, at, share));
      return [at, at + 1].some((day) => flagsAt(days, day)?.includes('low'));
    };
    expect(shareOf(60, isFound(1000, 0.2))).toBeGreaterThanOrEqual(0.9);
    expect(shareOf(60, isFound(100, 0.5))).toBeGreaterThanOrEqual(0.95);
    expect(shareOf(60, isFound(10, 1))).toBeGreaterThanOrEqual(0.9);
  });

  it('compares no later day with an outage, and flags it alone', () => {
    const counts = peopleBy(7, 800, 160);
    const withOutage = counts.map((count, at) => (at === 120 || at === 121 ? 0 : count));
    const days = daysOf(withOutage);
    expect(flagsAt(days, 120)).toEqual(['low']);
    expect(flagsAt(days, 121)).toEqual(['low']);
    expect(days.slice(122).flatMap(({ flags }) => flags)).toEqual([]);
    const plain = daysOf(counts);
    for (const [at, { expectation }] of days.entries()) {
      const { expected = 0 } = plain[at]?.expectation ?? {};
      expect(Math.abs((expectation?.expected ?? 0) - expected)).toBeLessThanOrEqual(0.1 * expected);
    }
  });

  it('an outage in the first weeks spoils nothing', () => {
    for (const at of [0, 3, 7, 12, 13, 20, 30]) {
      const counts = peopleBy(8, 300, 200).map((count, day) => (day === at ? 0 : count));
      const flagged = daysOf(counts).filter(({ flags }) => flags.length > 0);
      expect([at, flagged.length <= 4]).toEqual([at, true]);
    }
  });

  it('accepts a new level after six days and calls it a shift', () => {
    const counts = peopleBy(9, 1000, 160).map((count, at) => (at < 120 ? count : 2 * count));
    const days = daysOf(counts);
    for (const at of [120, 121, 122, 123, 124]) expect(flagsAt(days, at)).toEqual(['high']);
    expect(flagsAt(days, 125)).toEqual(['high', 'shift']);
    expect(days.slice(126).flatMap(({ flags }) => flags)).toEqual([]);
  });

  it('learns a new pattern of weeks', () => {
    const weeks = [100, 100, 100, 100, 100, 20, 20];
    const random = createRandom(10);
    const counts = Array.from({ length: 230 }, (_, at) =>
      countBy(random, weeks[(at < 120 ? at : at + 3) % 7] ?? 0),
    );
    expect(
      daysOf(counts)
        .slice(170)
        .flatMap(({ flags }) => flags).length,
    ).toBeLessThanOrEqual(2);
  });

  it('expects no more of Mondays when many come at week-ends where few came', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = createRandom(seed);
      const counts = Array.from({ length: 260 }, (_, at) => {
        const mean = at % 7 < 5 ? 3000 : at < 150 ? 2 : 1200;
        return countBy(random, mean * Math.exp(0.05 * normal(random)));
      });
      const days = daysOf(counts);
      for (const [at, { expectation }] of days.entries()) {
        if (at < 60 || at % 7 > 4 || expectation === null) continue;
        expect([seed, at, expectation.expected > 2400 && expectation.expected < 3600]).toEqual(
          // The days of the change itself may be further off.
          [seed, at, true],
        );
      }
      for (const { expectation } of days.slice(190, 260).filter((_, at) => (190 + at) % 7 > 4)) {
        expect(expectation?.expected).toBeGreaterThan(900);
      }
    }
  });

  it('has no wider band on Mondays because few people come at week-ends', () => {
    const random = createRandom(15);
    const counts = Array.from({ length: 300 }, (_, at) =>
      countBy(random, (at % 7 < 5 ? 3000 : 4) * Math.exp(0.03 * normal(random))),
    );
    const widths = daysOf(counts).flatMap(({ expectation }, at) =>
      expectation === null || at < 100 || at % 7 > 4
        ? []
        : [(expectation.high - expectation.low) / expectation.expected],
    );
    // Where 2 or 6 come, logarithms differ by 1; 20 times as much as on a Monday.
    expect(widths.reduce((sum, one) => sum + one, 0) / widths.length).toBeLessThan(1);
  });

  it('expects nothing far outside of what came in four weeks, whatever happens', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const random = createRandom(seed);
        let weeks: number[] = [];
        const counts = Array.from({ length: 300 }, (_, at) => {
          if (at % 50 === 0) {
            const level = Math.exp(9 * random());
            weeks = Array.from({ length: 7 }, () => level * (random() < 0.3 ? 0 : 2 * random()));
          }
          return random() < 0.02 ? 0 : countBy(random, weeks[at % 7] ?? 0);
        });
        counts[0] = 5;
        for (const [at, { expectation }] of daysOf(counts).entries()) {
          const most = Math.max(...counts.slice(Math.max(0, at - 28), at));
          if (expectation !== null) expect(expectation.expected).toBeLessThan(1.5 * most + 3);
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('does not call the end of a slow fall a rise', () => {
    const random = createRandom(16);
    const counts = Array.from({ length: 220 }, (_, at) => {
      const fall = -0.3 * Math.min(Math.max(Math.min(at - 150, 171 - at), 0) / 7, 1);
      return countBy(random, 5000 * Math.exp(fall + 0.02 * normal(random)));
    });
    const flags = daysOf(counts).flatMap(({ flags: own }) => own);
    expect(flags).toContain('slow_fall');
    expect(flags).not.toContain('slow_rise');
  });

  it('finds a slow fall that no single day shows', () => {
    const found = shareOf(20, (seed) => {
      const random = createRandom(seed);
      const counts = Array.from({ length: 200 }, (_, at) => {
        const fall = Math.min(Math.max(at - 150, 0), 14) * -0.035;
        return countBy(random, 5000 * Math.exp(fall + 0.05 * normal(random)));
      });
      return daysOf(counts)
        .slice(150, 172)
        .some(({ flags }) => flags.includes('slow_fall') || flags.includes('low'));
    });
    expect(found).toBeGreaterThanOrEqual(0.9);
  });

  it('gives unusual days no influence', () => {
    const counts = peopleBy(11, 400, 150);
    const flooded = counts.map((count, at) => (at === 100 || at === 101 ? 40 * count : count));
    const days = daysOf(flooded, [100, 101]);
    expect(flagsAt(days, 100)).toEqual(['unusual']);
    const erased = daysOf(counts.map((count, at) => (at === 100 || at === 101 ? null : count)));
    expect(days.slice(102)).toEqual(erased.slice(102));
  });

  it('expects nobody where nobody comes on most days, and flags none who come', () => {
    const random = createRandom(14);
    const days = daysOf([1, ...Array.from({ length: 300 }, () => countBy(random, 0.3))]);
    const expected = days.slice(60).map(({ expectation }) => expectation?.expected ?? NaN);
    expect(expected.filter((one) => one === 0).length / expected.length).toBeGreaterThan(0.5);
    expect(expected.reduce((sum, one) => sum + one, 0) / expected.length).toBeLessThan(0.3);
    expect(days.flatMap(({ flags }) => flags)).toEqual([]);
  });

  it('goes over days that are unknown', () => {
    const counts = peopleBy(12, 400, 200).map((count, at) =>
      at % 11 === 3 || (at > 150 && at < 163) ? null : count,
    );
    const days = daysOf(counts);
    expect(days.filter(({ flags }) => flags.length > 0).length).toBeLessThanOrEqual(3);
    expect(days.at(-1)?.expectation).not.toBeNull();
  });

  it('takes no longer for three years than two sorts of 100 000 numbers', () => {
    const counts = peopleBy(13, 1000, 1095);
    const numbers = Array.from({ length: 100_000 }, (_, n) => (n * 7919) % 100_003);
    const msOf = (work: () => unknown): number => {
      const times = Array.from({ length: 15 }, () => {
        const before = process.cpuUsage().user;
        work();
        return (process.cpuUsage().user - before) / 1000;
      });
      return Math.min(...times);
    };
    const forecastMs = msOf(() => forecastDays({ firstDay: FIRST_DAY, counts }));
    const sortMs = msOf(() => numbers.toSorted((a, b) => a - b));
    expect(forecastMs / sortMs, `${forecastMs} ms against ${sortMs} ms`).toBeLessThan(2);
  });
});
