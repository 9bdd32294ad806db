import { ageOn } from './age.js';
import { activeDays, type Activity, ACTIVITY_DAYS, ONE_DAY } from './activity-bits.js';
import { certaintyOf } from './band.js';
import { type Interval, INTERVALS, nextPeriod, periodOf } from './period.js';
import type { SaidValues } from './said-values.js';
import { plausibleLost, type UserState } from './user-state.js';
import { type ValuedActivity, valuesOn } from './value-runs.js';

/**
 * The number of days between an active day and the active day before it. Counts by day and gap give
 * the number of people active in any window: those whose active day in the window has no earlier
 * one in it.
 */
export type Gap = number;

/** The gap of a first day, or of the first day with a value within the days that are compared. */
export const NEVER_BEFORE: Gap = 0;

/** The gap of a day whose previous active day is no longer known. */
export const LONG_AGO: Gap = ACTIVITY_DAYS;

/** The longest gap between days with the same value: a month. */
export const VALUE_WINDOW_DAYS = 31;

/** Receives the changes of counts that follow from a change of a user. */
export interface Tally<Value> {
  /** @param day - Numbered since 1970. */
  gap(ci: boolean, day: number, gap: Gap, by: 1 | -1): void;
  /**
   * The same for days with a value: of a dimension of people, or one that a report said. The gap is
   * at most {@link VALUE_WINDOW_DAYS}.
   */
  valueGap(value: Value, day: number, gap: Gap, by: 1 | -1): void;
  /**
   * The same for the days on which somebody had an age.
   *
   * @param age - Its place in `AGES`.
   */
  ageGap(age: number, day: number, gap: Gap, by: 1 | -1): void;
  /** A person of a cohort was active in a period. Both are given by their first days. */
  retention(interval: Interval, cohort: number, period: number, by: 1 | -1): void;
}

/** The parts of a user that the tally needs. */
export interface TalliedUser<Value> extends ValuedActivity<Value> {
  readonly ci: boolean;
  readonly firstDay: number;
  readonly said: SaidValues<Value>;
}

/**
 * Tallies the change of a user. New active days are inserted between their neighbours. If more
 * changes (a build farm turns out to be a person, an earlier first day, a deletion), the old state
 * is subtracted and the new one added.
 */
export function tallyChange<Value>(
  before: TalliedUser<Value> | undefined,
  after: TalliedUser<Value> | undefined,
  tally: Tally<Value>,
): void {
  if (before && after && before.ci === after.ci && before.firstDay === after.firstDay) {
    if (before.said !== after.said) tallyNewlySaid(before.said, after.said, tally);
    if (before.lastDay === after.lastDay && before.bits === after.bits) return;
    // Mostly it is one more day, after all others, which needs none but those of the month before.
    const isLater = isOneMore(before, after);
    const days = activeDays(isLater ? newestDays(before) : before);
    const known = new Set(days);
    for (const day of isLater ? [after.lastDay] : activeDays(after)) {
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
  for (const [value, said] of user.said) {
    let previous: number | undefined;
    for (const day of activeDays(said)) {
      tally.valueGap(value, day, valueGapOf(day, previous), by);
      previous = day;
    }
  }
}

/** Tallies the days on which something was said and had not been said before. */
function tallyNewlySaid<Value>(
  before: SaidValues<Value>,
  after: SaidValues<Value>,
  tally: Tally<Value>,
): void {
  for (const [value, now] of after) {
    const known = before.get(value);
    if (known === now) continue;
    // Mostly it is one more day, after all others.
    if (isOneMore(known, now)) {
      tally.valueGap(value, now.lastDay, valueGapOf(now.lastDay, known?.lastDay), 1);
      continue;
    }
    const days = known === undefined ? [] : activeDays(known);
    const isKnown = new Set(days);
    for (const day of activeDays(now)) {
      if (isKnown.has(day)) continue;
      const at = insert(days, day).lastIndexOf(day);
      const [previous, next] = [days[at - 1], days[at + 1]];
      tally.valueGap(value, day, valueGapOf(day, previous), 1);
      if (next === undefined) continue;
      tally.valueGap(value, next, valueGapOf(next, previous), -1);
      tally.valueGap(value, next, valueGapOf(next, day), 1);
    }
  }
}

/**
 * Tells the days of a person by age.
 *
 * @param add - Called with the age's place in `AGES`, the day, and its gap.
 */
export function tallyAges(
  { firstDay, ...activity }: Activity & { readonly firstDay: number },
  add: (age: number, day: number, gap: Gap) => void,
): void {
  let before: { readonly age: number; readonly day: number } | undefined;
  for (const day of activeDays(activity)) {
    const age = ageOn(day, firstDay);
    add(age, day, valueGapOf(day, before?.age === age ? before.day : undefined));
    before = { age, day };
  }
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
  tallyAge(firstDay, { day, previous, next }, by, tally);
}

/** Nobody gets younger: the nearest day with the same age is the nearest day, or there is none. */
function tallyAge<Value>(
  firstDay: number,
  {
    day,
    ...around
  }: {
    readonly day: number;
    readonly previous: number | undefined;
    readonly next: number | undefined;
  },
  by: 1 | -1,
  tally: Tally<Value>,
): void {
  const age = ageOn(day, firstDay);
  const ifSame = (other: number | undefined): number | undefined =>
    other !== undefined && ageOn(other, firstDay) === age ? other : undefined;
  const [previous, next] = [ifSame(around.previous), ifSame(around.next)];
  tally.ageGap(age, day, valueGapOf(day, previous), by);
  if (next === undefined) return;
  tally.ageGap(age, next, valueGapOf(next, previous), by === 1 ? -1 : 1);
  tally.ageGap(age, next, valueGapOf(next, day), by);
}

function tallyValues<Value>(
  { runs }: TalliedUser<Value>,
  days: readonly number[],
  at: number,
  by: 1 | -1,
  tally: Tally<Value>,
): void {
  const day = days[at] ?? 0;
  /** The nearest day with the value, within {@link VALUE_WINDOW_DAYS}. */
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

/** The last day and those within {@link VALUE_WINDOW_DAYS} before it. */
const newestDays = ({ lastDay, bits }: Activity): Activity => ({
  lastDay,
  bits: BigInt.asUintN(VALUE_WINDOW_DAYS + 1, bits),
});

/** Whether days are known ones and a later one. */
function isOneMore(known: Activity | undefined, now: Activity): boolean {
  if (known === undefined) return now.bits === ONE_DAY;
  const later = now.lastDay - known.lastDay;
  return later > 0 && now.bits === ((known.bits << BigInt(later)) | ONE_DAY);
}

/**
 * Tells how the counts of one value change when several values of a dimension become one: a day's
 * previous day with the value is then one with any of them.
 *
 * @param index - The dimension's place in `USER_DIMENSIONS`.
 * @param merged - The values that become one.
 * @param change - Called with each gap that another takes the place of.
 */
export function tallyMerged<Value>(
  user: ValuedActivity<Value>,
  index: number,
  merged: ReadonlySet<Value>,
  change: (day: number, gap: Gap, by: 1 | -1) => void,
): void {
  const lastOf = new Map<Value, number>();
  let last: number | undefined;
  for (const day of activeDays(user)) {
    const value = valuesOn(user.runs, day)[index];
    if (value === undefined || !merged.has(value)) continue;
    const before = valueGapOf(day, lastOf.get(value));
    const after = valueGapOf(day, last);
    lastOf.set(value, (last = day));
    if (before === after) continue;
    change(day, before, -1);
    change(day, after, 1);
  }
}

/**
 * The same for values that reports said: a day may have had several of them.
 *
 * @param said - What one user said.
 */
export function tallyMergedSaid<Value>(
  said: SaidValues<Value>,
  merged: ReadonlySet<Value>,
  change: (day: number, gap: Gap, by: 1 | -1) => void,
): void {
  const all = new Set<number>();
  const tellGaps = (days: readonly number[], by: 1 | -1): void => {
    for (const [at, day] of days.entries()) change(day, valueGapOf(day, days[at - 1]), by);
  };
  for (const [value, activity] of said) {
    if (!merged.has(value)) continue;
    const days = activeDays(activity);
    tellGaps(days, -1);
    for (const day of days) all.add(day);
  }
  tellGaps(
    [...all].sort((a, b) => a - b),
    1,
  );
}

const valueGapOf = (day: number, previous: number | undefined): Gap =>
  previous === undefined || day - previous > VALUE_WINDOW_DAYS ? NEVER_BEFORE : day - previous;

function insert(days: number[], day: number): number[] {
  let at = days.length;
  while (at > 0 && (days[at - 1] ?? 0) > day) at--;
  days.splice(at, 0, day);
  return days;
}

/** Totals over all time. The first three add up to all people. */
export const TOTALS = [
  'certain',
  'likely',
  'ephemeral',
  'ci',
  'reports',
  'lost',
  'lost_cut',
] as const;

/** One of {@link TOTALS}. */
export type Total = (typeof TOTALS)[number];

/** The share of one user in the totals. Reports are not among them: a deletion leaves them. */
export function totalsOf(user: UserState<unknown>): Partial<Record<Total, number>> {
  const lost = plausibleLost(user);
  return { [totalOf(user)]: 1, lost, lost_cut: user.lost - lost };
}

/** The total that a user counts in. */
export const totalOf = (user: UserState<unknown>): 'certain' | 'likely' | 'ephemeral' | 'ci' =>
  user.ci ? 'ci' : certaintyOf(user);
