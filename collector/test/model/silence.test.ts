import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellOf, type HourCell, joinCells } from '../../src/rules/hour-cells.js';
import { judgeSilence } from '../../src/rules/silence.js';
import { judgeArrival } from '../../src/rules/stopped.js';
import { naiveArrival, naiveSilence } from './naive-silence.js';
import { ZONES } from './streams.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function cellsOf(receipts: readonly number[]): HourCell[] {
  const cells = new Map<number, HourCell>();
  for (const at of receipts) {
    const one = cellOf(at);
    const known = cells.get(one.hour);
    cells.set(one.hour, known === undefined ? one : joinCells(known, one));
  }
  return [...cells.values()];
}

/** In an hour of UTC with a midnight of St. John’s in it, as many come as tell a tiny project from another. */
const HALF_HOUR_AT_MIDNIGHT = {
  habit: { perHour: 6, from: 0, hours: 4, weekend: 0 } as const,
  zone: 'America/St_Johns',
  days: 15,
  start: Date.parse('2026-03-09'),
  seed: Array.from({ length: 64 }, (_, n) => (n === 52 ? 0.9999999997965492 : 0)),
  wait: 0,
  listened: Infinity,
};

/** How many reports come in an hour of the day, on working days and on weekends. */
const habit = fc.record({
  perHour: fc.constantFrom(0.05, 0.5, 2, 6),
  from: fc.nat(23),
  hours: fc.integer({ min: 1, max: 24 }),
  weekend: fc.constantFrom(0, 0.3, 1),
});

it('a project is as silent as every single receipt says', () => {
  fc.assert(
    fc.property(
      fc.record({
        habit,
        zone: fc.constantFrom(...ZONES),
        days: fc.integer({ min: 0, max: 35 }),
        start: fc.integer({ min: 0, max: 400 }).map((n) => Date.parse('2026-01-05') + n * DAY),
        seed: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: 64,
          maxLength: 64,
        }),
        wait: fc.oneof(fc.nat(20 * 60_000), fc.nat(6 * HOUR), fc.nat(4 * DAY)),
        listened: fc.oneof(fc.constant(Infinity), fc.nat(8 * HOUR)),
      }),
      ({ habit: { perHour, from, hours, weekend }, zone, days, start, seed, wait, listened }) => {
        const receipts: number[] = [];
        for (let hour = 0; hour < days * 24; hour++) {
          const begin = start + hour * HOUR;
          const isOn = (hour + 24 - from) % 24 < hours;
          const isFree = [0, 6].includes(new Date(begin).getUTCDay());
          const expected = isOn ? perHour * (isFree ? weekend : 1) : 0;
          const random = seed[(hour * 7 + days) % 64] ?? 0;
          const n = Math.floor(expected + random);
          for (let one = 0; one < n; one++) {
            receipts.push(Math.floor(begin + ((one + (seed[(hour + one) % 64] ?? 0)) / n) * HOUR));
          }
        }
        receipts.sort((a, b) => a - b);
        const now = (receipts.at(-1) ?? start) + wait;
        const heard = { zone, now, listeningSince: now - listened };
        const { state, usualMs, longMs, daysKnown } = judgeSilence({
          ...{ ...heard, cells: cellsOf(receipts) },
        });
        expect({ state, usualMs, longMs, daysKnown }).toEqual(naiveSilence({ ...heard, receipts }));
      },
    ),
    { numRuns: 60, examples: [[HALF_HOUR_AT_MIDNIGHT]] },
  );
});

it('an event or a field has stopped where every single day says so', () => {
  const day = fc.record({ parent: fc.nat(12), share: fc.constantFrom(0, 0, 0.2, 1) });
  const then = fc.record({ parent: fc.nat(40), share: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1) });
  fc.assert(
    fc.property(
      fc.array(day, { maxLength: 50, size: 'max' }),
      fc.array(then, { minLength: 1, maxLength: 20 }),
      (before, after) => {
        const all = [...before, ...after];
        const parent = all.map((one) => one.parent);
        const own = all.map((one) => Math.ceil(one.parent * one.share));
        const byDay = (counts: readonly number[]) => new Map(counts.entries());
        const found = judgeArrival(byDay(own), byDay(parent), all.length - 1);
        expect(found).toMatchObject(naiveArrival({ own, parent }));
      },
    ),
    { numRuns: 2000 },
  );
});
