import { DAY_MS } from './day.js';

/** How long a bucket of an answer, or a cohort, is. Weeks begin on Monday (ISO 8601). */
export type Interval = 'day' | 'week' | 'month';

/** All intervals, shortest first. */
export const INTERVALS: readonly Interval[] = ['day', 'week', 'month'];

/** The first day of the period that contains a day. Days are numbered since 1970. */
export function periodOf(day: number, interval: Interval): number {
  switch (interval) {
    case 'day':
      return day;
    case 'week':
      return day - ((((day + 3) % 7) + 7) % 7); // day 0 was a Thursday
    case 'month': {
      const date = new Date(day * DAY_MS);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
    }
  }
}

/** The first day of the next period. */
export function nextPeriod(first: number, interval: Interval): number {
  switch (interval) {
    case 'day':
      return first + 1;
    case 'week':
      return first + 7;
    case 'month':
      return periodOf(first + 31, 'month');
  }
}

/** How many periods lie between two first days. */
export function periodsBetween(from: number, to: number, interval: Interval): number {
  switch (interval) {
    case 'day':
      return to - from;
    case 'week':
      return (to - from) / 7;
    case 'month': {
      const [a, b] = [new Date(from * DAY_MS), new Date(to * DAY_MS)];
      return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + (b.getUTCMonth() - a.getUTCMonth());
    }
  }
}
