import { REMEMBERED_DAYS } from './limits.js';

/**
 * A user's activity on the last 400 days, one bit a day: bit 0 is the user's last day, bit `n` the
 * day `n` days before it.
 */
export type ActivityBits = bigint;

/** A user's activity and the day it is seen from, numbered since 1970. */
export interface Activity {
  readonly lastDay: number;
  readonly bits: ActivityBits;
}

/** Days that {@link ActivityBits} cover: a year and a month. */
export const ACTIVITY_DAYS = 400;

/**
 * The longest window in which everyone counts once. A report may come {@link REMEMBERED_DAYS} late,
 * and activity more than {@link ACTIVITY_DAYS} before it is unknown then.
 */
export const LONGEST_WINDOW_DAYS = ACTIVITY_DAYS - REMEMBERED_DAYS;

/** Active on the last day, and on no other. */
export const ONE_DAY: ActivityBits = 1n;

/** Merges the activity of two states of one user. Days are numbered since 1970. */
export function mergeActivity(a: Activity, b: Activity): ActivityBits {
  if (a.lastDay === b.lastDay) return a.bits | b.bits;
  const lastDay = Math.max(a.lastDay, b.lastDay);
  return seenFrom(a, lastDay) | seenFrom(b, lastDay);
}

/** The active days that the bits cover, numbered since 1970, in order. */
export function activeDays({ lastDay, bits }: Activity): number[] {
  const digits = bits.toString(2);
  const days: number[] = [];
  for (let at = digits.indexOf('1'); at !== -1; at = digits.indexOf('1', at + 1)) {
    days.push(lastDay - (digits.length - 1 - at));
  }
  return days;
}

/** Whether a user was active on a day. */
export const wasActiveOn = ({ lastDay, bits }: Activity, day: number): boolean =>
  day <= lastDay && ((bits >> BigInt(lastDay - day)) & ONE_DAY) === ONE_DAY;

/** The same activity as seen from the same day or a later one. */
function seenFrom({ lastDay, bits }: Activity, day: number): ActivityBits {
  const shift = day - lastDay;
  if (shift >= ACTIVITY_DAYS) return 0n;
  return BigInt.asUintN(ACTIVITY_DAYS, bits << BigInt(shift));
}
