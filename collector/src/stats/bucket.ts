import { type Static, Type } from 'typebox';
import { dateOfDay, startOfDay, type Zone } from '../rules/day.js';
import { type Interval, nextPeriod, periodOf } from '../rules/period.js';
import type { DayWindow } from './windows.js';

/** Of every row about a span of time: which it is, and whether it is over. */
export const bucketMembers = {
  date: Type.String({ format: 'date', description: 'Its first day' }),
  start: Type.String({ format: 'date-time' }),
  end: Type.String({ format: 'date-time', description: 'The first moment that is not in it' }),
  complete: Type.Boolean({
    description: 'Whether it is over; late reports may still come in for 30 days',
  }),
};

/** A day, week or month as answers show it. */
export type BucketRow = {
  readonly [Name in keyof typeof bucketMembers]: Static<(typeof bucketMembers)[Name]>;
};

/** The days, weeks or months from one day to another, each of them whole. */
export function bucketsFrom(from: number, to: number, interval: Interval): DayWindow[] {
  const buckets: DayWindow[] = [];
  let firstDay = periodOf(from, interval);
  while (firstDay <= to) {
    const next = nextPeriod(firstDay, interval);
    buckets.push({ firstDay, lastDay: next - 1 });
    firstDay = next;
  }
  return buckets;
}

/** A span of days as answers show it. */
export function toBucketRow({ firstDay, lastDay }: DayWindow, zone: Zone, asOf: Date): BucketRow {
  const end = startOfDay(lastDay + 1, zone);
  return {
    date: dateOfDay(firstDay),
    start: new Date(startOfDay(firstDay, zone)).toISOString(),
    end: new Date(end).toISOString(),
    complete: end <= asOf.getTime(),
  };
}
