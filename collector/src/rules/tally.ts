import { activeDays, ACTIVITY_DAYS } from './activity-bits.js';
import { certaintyOf } from './band.js';
import { type Interval, INTERVALS, nextPeriod, periodOf } from './period.js';
import type { UserState } from './user-state.js';
import { type ValuedActivity, valuesOn } from './value-runs.js';

/**
 * The days between a day of activity and the one before it. From how many people had which gap on
 * which day follows how many were active within any number of days: those whose day of activity
 * in the window has none before it there.
 */
export type Gap = number;

/** The gap of a first day, and of the first day with a value for as long as is looked back. */
export const NEVER_BEFORE: Gap = 0;

/** The gap of a day whose day before is longer ago than is kept. */
export const LONG_AGO: Gap = ACTIVITY_DAYS;

/** Days that are looked back for another day with the same value: a month. */
export const VALUE_WINDOW_DAYS = 31;

/** Takes what a change of users adds to the counts, and takes from them. */
export interface Tally<Value> {
  /** @param day - Numbered since 1970. */
  gap(ci: boolean, day: number, gap: Gap, by: 1 | -1): void;
  /** The same for the days on which a person had a value; the gap is at most {@link VALUE_WINDOW_DAYS}. */
  valueGap(value: Value, day: number, gap: Gap, by: 1 | -1): void;
  /** How many of a cohort's people came in a period; both by their first days. */
  retention(interval: Interval, cohort: number, period: number, by: 1 | -1): void;
}

/** Of a user, what the tally is made of. */
export interface TalliedUser<Value> extends ValuedActivity<Value> {
  readonly ci: boolean;
  readonly firstDay: number;
}

/**
 * Tallies what changes with a user. A day of activity is worked in beside its neighbours; what turns
 * the whole user over (a person who was taken for a build farm, a first day that was earlier, an
 * end) takes away what was tallied and tallies it anew.
 */
export function tallyChange<Value>(
  before: TalliedUser<Value> | undefined,
  after: TalliedUser<Value> | undefined,
  tally: Tally<Value>,
): void {
  if (before && after && before.ci === after.ci && before.firstDay === after.firstDay) {
    if (before.lastDay === after.lastDay && before.bits === after.bits) return;
    const days = activeDays(before);
    const known = new Set(days);
    for (const day of activeDays(after)) {
      if (!known.has(day)) tallyDay(after, insert(days, day), day, 1, tally);
    }
    return;
  }
  if (before) tallyAll(before, -1, tally);
  if (after) tallyAll(after, 1, tally);
}

function tallyAll<Value>(user: TalliedUser<Value>, by: 1 | -1, tally: Tally<Value>): void {
  const days: number[] = [];
  for (const day of activeDays(user)) tallyDay(user, insert(days, day), day, by, tally);
}

/** @param days - In order, `day` among them. */
function tallyDay<Value>(
  user: TalliedUser<Value>,
  days: readonly number[],
  day: number,
  by: 1 | -1,
  tally: Tally<Value>,
): void {
  const { ci, firstDay } = user;
  const at = days.lastIndexOf(day);
  const previous = days[at - 1];
  const next = days[at + 1];
  const add = (to: number, from: number | undefined, sign: 1 | -1): void =>
    tally.gap(ci, to, gapOf(to, from, firstDay), sign);
  add(day, previous, by);
  if (next !== undefined) {
    add(next, previous, by === 1 ? -1 : 1);
    add(next, day, by);
  }
  if (ci) return;

  for (const interval of INTERVALS) {
    const period = periodOf(day, interval);
    if (previous !== undefined && previous >= period) continue;
    if (next !== undefined && next < nextPeriod(period, interval)) continue;
    tally.retention(interval, periodOf(firstDay, interval), period, by);
  }
  tallyValues(user, days, at, by, tally);
}

function tallyValues<Value>(
  { runs }: TalliedUser<Value>,
  days: readonly number[],
  at: number,
  by: 1 | -1,
  tally: Tally<Value>,
): void {
  const day = days[at] ?? 0;
  /** The nearest day with the value, as far as is looked. */
  const look = (index: number, value: Value, step: 1 | -1): number | undefined => {
    for (let n = at + step; ; n += step) {
      const other = days[n];
      if (other === undefined || Math.abs(other - day) > VALUE_WINDOW_DAYS) return undefined;
      if (valuesOn(runs, other)[index] === value) return other;
    }
  };
  for (const [index, value] of valuesOn(runs, day).entries()) {
    const previous = look(index, value, -1);
    const next = look(index, value, 1);
    tally.valueGap(value, day, valueGapOf(day, previous), by);
    if (next === undefined) continue;
    tally.valueGap(value, next, valueGapOf(next, previous), by === 1 ? -1 : 1);
    tally.valueGap(value, next, valueGapOf(next, day), by);
  }
}

const gapOf = (day: number, previous: number | undefined, firstDay: number): Gap => {
  if (previous !== undefined) return day - previous;
  return day === firstDay ? NEVER_BEFORE : LONG_AGO;
};

const valueGapOf = (day: number, previous: number | undefined): Gap =>
  previous === undefined || day - previous > VALUE_WINDOW_DAYS ? NEVER_BEFORE : day - previous;

function insert(days: number[], day: number): number[] {
  let at = days.length;
  while (at > 0 && (days[at - 1] ?? 0) > day) at--;
  days.splice(at, 0, day);
  return days;
}

/** What is counted over all of time, by how sure it is; `people` are the first three. */
export const TOTALS = ['certain', 'likely', 'ephemeral', 'ci', 'reports', 'lost'] as const;

/** One of {@link TOTALS}. */
export type Total = (typeof TOTALS)[number];

/** What one user adds to the totals. */
export function totalsOf(user: UserState<unknown>): Partial<Record<Total, number>> {
  const total = user.ci ? 'ci' : certaintyOf(user);
  return { [total]: 1, reports: user.reports, lost: user.lost };
}
