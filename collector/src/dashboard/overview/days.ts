import { DAY_MS, dateOfDay } from '../../rules/day.js';

/** Of two dates a year apart that are the same weekday. */
export const YEAR_DAYS = 364;

/** The date so many days after another; before it, if they are negative. */
export const daysAfter = (date: string, days: number): string => dateOfDay(numberOf(date) + days);

/** How many days a date is after another. */
export const daysBetween = (from: string, to: string): number => numberOf(to) - numberOf(from);

/** The Monday of a date's week. */
export const mondayOf = (date: string): string =>
  daysAfter(date, -((new Date(date).getUTCDay() + 6) % 7));

/** The first day of a date's month. */
export const firstOfMonth = (date: string): string => `${date.slice(0, 8)}01`;

const numberOf = (date: string): number => Math.floor(Date.parse(date) / DAY_MS);
