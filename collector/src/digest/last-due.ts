import { dateOfDay, dayOf, startOfHour, type Zone } from '../rules/day.js';
import { type Weekday, weekdayOf } from '../rules/weekday.js';

/** When the digest is due, each week. */
export interface Schedule {
  readonly weekday: Weekday;
  /** From 0 to 23. An hour that a clock change skips is the one after it. */
  readonly hour: number;
  readonly zone: Zone;
}

/**
 * The day on which the digest was due last, such as `2026-11-30`.
 *
 * @param now - Milliseconds since 1970.
 */
export function lastDue(now: number, { weekday, hour, zone }: Schedule): string {
  const today = dayOf(now, zone);
  for (let day = today; day > today - 7; day--) {
    if (weekdayOf(day) !== weekday) continue;
    const isDue = startOfHour(day, hour, zone) <= now;
    return dateOfDay(isDue ? day : day - 7);
  }
  throw new Error(`No day of a week is a ${weekday}.`);
}
