import { describe, expect, it } from 'vitest';
import { cellOf, type HourCell, joinCells } from '../../src/rules/hour-cells.js';
import { judgeSilence } from '../../src/rules/silence.js';
import { judgeArrival } from '../../src/rules/stopped.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday. */
const MONDAY = Date.parse('2026-11-02T00:00:00Z');

const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at).getUTCDay());
const isAlways: (at: number) => boolean = () => true;
const hourOf = (at: number): number => new Date(at).getUTCHours();

/** Receipts every so many minutes for some days up to a moment, where a project is awake. */
function receive(until: number, { days = 28, every = 1, isAwake = isAlways } = {}): HourCell[] {
  const cells = new Map<number, HourCell>();
  for (let at = until - days * DAY; at <= until; at += every * MINUTE) {
    if (!isAwake(at)) continue;
    const one = cellOf(at);
    const known = cells.get(one.hour);
    cells.set(one.hour, known === undefined ? one : joinCells(known, one));
  }
  return [...cells.values()];
}

const judge = (cells: readonly HourCell[], now: number, listeningSince = 0) =>
  judgeSilence({ cells, zone: 'UTC', now, listeningSince });

describe('a project', () => {
  it('of servers at a steady rate is found silent within minutes', () => {
    const last = MONDAY + 28 * DAY + 14 * HOUR;
    const cells = receive(last);
    expect(judge(cells, last + MINUTE)).toMatchObject({ state: 'ok', longMs: MINUTE });
    expect(judge(cells, last + 3 * MINUTE)).toMatchObject({ state: 'quiet' });
    expect(judge(cells, last + 5 * MINUTE)).toMatchObject({
      ...{ state: 'silent', lastAt: last, waitedMs: 5 * MINUTE, daysKnown: 27 },
    });
  });

  it('that sleeps at night is not silent then, and is in the morning', () => {
    const isAwake = (at: number): boolean => hourOf(at) >= 8 && hourOf(at) < 22;
    const night = MONDAY + 29 * DAY;
    const cells = receive(night, { every: 3, isAwake });
    for (let hour = 0; hour <= 8; hour++) {
      expect([hour, judge(cells, night + hour * HOUR).state]).toEqual([hour, 'ok']);
    }
    expect(judge(cells, night + 9 * HOUR)).toMatchObject({ state: 'silent', longMs: 3 * MINUTE });
  });

  it('that rests at the weekend is not silent until Monday has begun', () => {
    const isAwake = (at: number): boolean => !isWeekend(at) && hourOf(at) >= 9 && hourOf(at) < 18;
    const friday = MONDAY + 4 * 7 * DAY + 4 * DAY + 18 * HOUR;
    const cells = receive(friday, { days: 32, every: 5, isAwake });
    for (let hour = 0; hour < 64; hour += 3) {
      const now = friday + hour * HOUR;
      expect([new Date(now).toISOString(), judge(cells, now).state]).toEqual([
        new Date(now).toISOString(),
        'ok',
      ]);
    }
    const monday = MONDAY + 5 * 7 * DAY;
    expect(judge(cells, monday + 8.9 * HOUR).state).toBe('ok');
    expect(judge(cells, monday + 10.1 * HOUR).state).toBe('silent');
  });

  it('with a report a day is not silent because it waits for the next one', () => {
    const last = MONDAY + 28 * DAY + 10 * HOUR;
    const cells = receive(last, { every: 24 * 60 });
    for (let hour = 0; hour <= 24; hour++) {
      expect([hour, judge(cells, last + hour * HOUR).state]).toEqual([
        hour,
        hour > 23 ? 'quiet' : 'ok',
      ]);
    }
    expect(judge(cells, last + 2 * DAY).state).toBe('quiet');
    expect(judge(cells, last + 4 * DAY).state).toBe('silent');
  });

  it('with too few reports, or known for too few days, is never called silent', () => {
    const last = MONDAY + 28 * DAY;
    const weekly = receive(last, { every: 7 * 24 * 60 });
    expect(judge(weekly, last + 60 * DAY)).toMatchObject({ state: 'unknown', longMs: null });
    const young = receive(last, { days: 14 });
    expect(judge(young, last + 9 * DAY)).toMatchObject({ state: 'unknown', daysKnown: 13 });
    expect(judge([], last)).toMatchObject({ state: 'unknown', lastAt: null, daysKnown: 0 });
  });

  it('stays silent, also in hours in which nothing usually comes, and for ever', () => {
    const isAwake = (at: number): boolean => hourOf(at) >= 8 && hourOf(at) < 22;
    const last = MONDAY + 29 * DAY + 15 * HOUR;
    const cells = receive(last, { every: 3, isAwake });
    for (const hours of [1, 8, 12, 24, 100, 2000]) {
      expect([hours, judge(cells, last + hours * HOUR).state]).toEqual([hours, 'silent']);
    }
  });

  it('is waited for only since the collector runs', () => {
    const last = MONDAY + 28 * DAY + 14 * HOUR;
    const cells = receive(last);
    const now = last + 5 * HOUR;
    expect(judge(cells, now, now - MINUTE)).toMatchObject({ state: 'ok', waitedMs: MINUTE });
    expect(judge(cells, now, now - 6 * MINUTE)).toMatchObject({ state: 'silent' });
  });

  it('counts when reports come, not when they were made', () => {
    // A batch that was made during a week of silence comes at once: reports come again.
    const last = MONDAY + 28 * DAY + 14 * HOUR;
    const cells = [...receive(last), cellOf(last + 7 * DAY)];
    expect(judge(cells, last + 7 * DAY + MINUTE).state).toBe('ok');
  });

  it('is judged by two bad days of 28 as if there had been none', () => {
    const last = MONDAY + 28 * DAY + 14 * HOUR;
    const isDown = (at: number): boolean => {
      const day = Math.floor((at - MONDAY) / DAY);
      return (day === 9 || day === 16) && hourOf(at) >= 10;
    };
    const cells = receive(last, { days: 30, isAwake: (at) => !isDown(at) });
    expect(judge(cells, last + 5 * MINUTE)).toMatchObject({ state: 'silent', longMs: MINUTE });
  });
});

describe('an event or a field', () => {
  const days = (counts: readonly number[]) => new Map(counts.entries());
  const steady = (n: number, length: number): number[] => Array.from({ length }, () => n);

  it('has stopped on the third day without it, while others go on', () => {
    const parent = steady(100, 40);
    for (const [without, state] of [
      [0, 'ok'],
      [2, 'ok'],
      [3, 'stopped'],
    ] as const) {
      const own = [...steady(5, 30), ...steady(0, without)];
      const found = judgeArrival(days(own), days(parent.slice(0, own.length + 1)), own.length);
      expect(found).toMatchObject({ state, lastDay: 29, daysWithout: without });
    }
  });

  it('has not stopped while old releases go on with it', () => {
    // New releases are without it: each week a third less of it comes.
    const own = Array.from({ length: 60 }, (_, day) => Math.ceil(300 * 0.66 ** (day / 7)));
    expect(judgeArrival(days(own), days(steady(1000, 61)), 60)).toMatchObject({ state: 'ok' });
  });

  it('has not stopped if nothing else came either', () => {
    const own = steady(5, 30);
    const parent = [...steady(100, 30), 0, 0, 0, 0, 0];
    expect(judgeArrival(days(own), days(parent), 35)).toMatchObject({
      ...{ state: 'ok', daysWithout: 0 },
    });
  });

  it('that rests at the weekend is missed only after more than a weekend', () => {
    const week = [5, 5, 5, 5, 5, 0, 0];
    const own = [...week, ...week, ...week, ...week];
    const judgeAfter = (without: number) =>
      judgeArrival(days(own), days(steady(100, 26 + without + 1)), 26 + without);
    expect(judgeAfter(8)).toMatchObject({ state: 'ok', longestDays: 3 });
    expect(judgeAfter(9)).toMatchObject({ state: 'stopped', lastDay: 25 });
  });

  it('that came on a few days only is not missed', () => {
    const own = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1];
    expect(judgeArrival(days(own), days(steady(100, 60)), 59)).toMatchObject({
      state: 'unknown',
    });
  });
});
