import {
  type Activity,
  ACTIVITY_DAYS,
  activeDays,
  mergeActivity,
  ONE_DAY,
} from './activity-bits.js';

/**
 * The days on which a user's reports had a value of an event or a field, for each such value. A day
 * may have several values of one dimension. The order is that in which the values came.
 */
export type SaidValues<Value> = ReadonlyMap<Value, SaidDays>;

/** The days of a value. */
export interface SaidDays extends Activity {
  /** The most days from the first to the last, where that is known without the bits. */
  readonly mostDays?: number;
}

/**
 * Values of events and fields that count for one person at most. Nobody uses so many; it bounds what
 * a made-up person costs.
 */
export const MAX_SAID_VALUES = 1000;

/** What one report said. Nearly all reports say the same few values, so they share the days. */
export function saidOn<Value>(values: readonly Value[], day: number): SaidValues<Value> {
  const days: SaidDays = { lastDay: day, bits: ONE_DAY, mostDays: 1 };
  return new Map(values.map((value) => [value, days]));
}

/**
 * Merges what two parts of one user's reports said.
 *
 * @param lastDay - The last active day of both. What is {@link ACTIVITY_DAYS} older is left out.
 * @returns The first of both if nothing is new.
 */
export function mergeSaid<Value>(
  before: SaidValues<Value>,
  added: SaidValues<Value>,
  lastDay: number,
): SaidValues<Value> {
  let merged: Map<Value, Activity> | undefined;
  for (const [value, days] of added) {
    const known = before.get(value);
    if (known !== undefined && coversDays(known, days)) continue;
    merged ??= new Map(before);
    merged.set(value, known === undefined ? days : joinDays(known, days));
  }
  return withoutDaysBefore(merged ?? before, lastDay - ACTIVITY_DAYS + 1);
}

/** What was said from a day on, numbered since 1970. @returns The same object if that is all. */
export function withoutDaysBefore<Value>(
  said: SaidValues<Value>,
  firstDay: number,
): SaidValues<Value> {
  let kept: Map<Value, Activity> | undefined;
  for (const [value, days] of said) {
    const { lastDay, mostDays = Infinity } = days;
    if (lastDay - firstDay >= mostDays) continue;
    const { bits } = days;
    const rest = BigInt.asUintN(Math.max(0, lastDay - firstDay + 1), bits);
    if (rest === bits) continue;
    kept ??= new Map(said);
    if (rest === 0n) kept.delete(value);
    else kept.set(value, { lastDay, bits: rest });
  }
  return kept ?? said;
}

/** The first {@link MAX_SAID_VALUES} values. @returns The same object if that is all. */
export const boundSaid = <Value>(said: SaidValues<Value>): SaidValues<Value> =>
  said.size <= MAX_SAID_VALUES ? said : new Map([...said].slice(0, MAX_SAID_VALUES));

/** Parts what a user said on some days with some values from the rest. */
export function partSaid<Value>(
  said: SaidValues<Value>,
  values: ReadonlySet<Value>,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly taken: SaidValues<Value>; readonly rest: SaidValues<Value> } {
  const taken = new Map<Value, Activity>();
  const rest = new Map<Value, Activity>();
  for (const [value, days] of said) {
    if (!values.has(value)) {
      rest.set(value, days);
      continue;
    }
    const all = activeDays(days);
    const isTaken = (day: number): boolean => day >= from && day <= to;
    const out = ofDays(all.filter(isTaken));
    const left = ofDays(all.filter((day) => !isTaken(day)));
    if (out) taken.set(value, out);
    if (left) rest.set(value, left);
  }
  return { taken, rest };
}

/** What was said on days on which a user is still known to have been active. */
export function saidOnKnownDays<Value>(
  said: SaidValues<Value>,
  activity: Activity,
): SaidValues<Value> {
  const known = new Set(activeDays(activity));
  const kept = new Map<Value, Activity>();
  for (const [value, days] of said) {
    const rest = ofDays(activeDays(days).filter((day) => known.has(day)));
    if (rest) kept.set(value, rest);
  }
  return kept;
}

/** @param days - In order. */
function ofDays(days: readonly number[]): Activity | undefined {
  const lastDay = days.at(-1);
  if (lastDay === undefined) return undefined;
  return {
    lastDay,
    bits: days.reduce((bits, day) => bits | (ONE_DAY << BigInt(lastDay - day)), 0n),
  };
}

/** Mostly the added days are later than all known ones; what is too old is left out afterwards. */
function joinDays(known: Activity, added: Activity): Activity {
  const later = added.lastDay - known.lastDay;
  if (later > 0 && later < ACTIVITY_DAYS) {
    return { lastDay: added.lastDay, bits: (known.bits << BigInt(later)) | added.bits };
  }
  return { lastDay: Math.max(known.lastDay, added.lastDay), bits: mergeActivity(known, added) };
}

/** Whether days are among others. Mostly it is one day, the last of both. */
function coversDays(all: Activity, some: Activity): boolean {
  if (some.lastDay > all.lastDay) return false;
  if (some.bits === ONE_DAY && some.lastDay === all.lastDay) return true;
  return ((all.bits >> BigInt(all.lastDay - some.lastDay)) & some.bits) === some.bits;
}
