import {
  addDays,
  beginOf,
  type CalendarDate,
  type CalendarInterval,
  dateIn,
  endOf,
  startOf,
} from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';

/** Days in a row, both ends included. */
export interface NaiveSpan {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

const DEFAULTS = { day: 30, week: 13, month: 12 };

export const todayOf = ({ zone, now }: Pick<NaiveAsked, 'zone' | 'now'>): CalendarDate =>
  dateIn(zone, now);

/** The days, weeks or months that are asked for, each of them whole. */
export function bucketsOf(asked: NaiveAsked, interval: CalendarInterval): NaiveSpan[] {
  const to = asked.query['to'] ?? todayOf(asked);
  const buckets: NaiveSpan[] = [];
  for (
    let last = to;
    asked.query['from'] === undefined
      ? buckets.length < DEFAULTS[interval]
      : endOf(last, interval) >= asked.query['from'];
    last = addDays(beginOf(last, interval), -1)
  ) {
    buckets.unshift({ from: beginOf(last, interval), to: endOf(last, interval) });
  }
  return buckets;
}

/** The days that a bucket's figure is about. */
export const windowOf = ({ from, to }: NaiveSpan, window: string | undefined): NaiveSpan =>
  window === undefined ? { from, to } : { from: addDays(to, 1 - Number.parseInt(window, 10)), to };

/** A span as answers show it. */
export function bucketRow({ from, to }: NaiveSpan, { zone, now }: NaiveAsked) {
  const end = startOf(zone, addDays(to, 1));
  return {
    date: from,
    start: new Date(startOf(zone, from)).toISOString(),
    end: new Date(end).toISOString(),
    complete: end <= now,
  };
}
