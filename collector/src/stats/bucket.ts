import { type Static, Type } from 'typebox';
import { dateOfDay, startOfDay, type Zone } from '../rules/day.js';
import { type Interval, nextPeriod, periodOf } from '../rules/period.js';
import type { DayWindow } from './windows.js';

/** The members of every row about a span of time. */
export const bucketMembers = {
  date: Type.String({ format: 'date', description: 'Its first day' }),
  start: Type.String({ format: 'date-time' }),
  end: Type.String({ format: 'date-time', description: 'The first moment that is not in it' }),
  complete: Type.Boolean({
    description: 'Whether it is over; late reports may still come in for 30 days',
  }),
};

/** A day, week or month in an answer. */
export type BucketRow = {
  readonly [Name in keyof typeof bucketMembers]: Static<(typeof bucketMembers)[Name]>;
};

/** The whole days, weeks or months that cover two days and the days between. */
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

/** A span of days in an answer. */
export function toBucketRow({ firstDay, lastDay }: DayWindow, zone: Zone, asOf: Date): BucketRow {
  const end = startOfDay(lastDay + 1, zone);
  return {
    date: dateOfDay(firstDay),
    start: new Date(startOfDay(firstDay, zone)).toISOString(),
    end: new Date(end).toISOString(),
    complete: end <= asOf.getTime(),
  };
}
