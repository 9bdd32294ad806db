import type { GrowthPeriod, GrowthPeriods } from '../../../web/page/overview-content.js';
import type { View } from '../../../web/page/view.js';
import type { GrowthAnswer } from './answers.js';
import { daysBetween, firstOfMonth, mondayOf } from './days.js';

/** Views of so many days at most show their growth by day, and by week. */
const MOST_DAYS = 10;
const MOST_DAYS_BY_WEEK = 120;

/** What is asked about growth, so that the bars of a view can be drawn. */
export interface GrowthQuestion extends Pick<GrowthPeriods, 'period' | 'windowDays'> {
  readonly from: string;
  readonly to: string;
}

/** Longer views have longer periods. */
export function growthQuestion({ from, to }: Pick<View, 'from' | 'to'>): GrowthQuestion {
  const days = daysBetween(from, to) + 1;
  if (days <= MOST_DAYS) return { period: 'day', windowDays: 7, from, to };
  if (days <= MOST_DAYS_BY_WEEK) return { period: 'week', windowDays: 7, from: mondayOf(from), to };
  return { period: 'month', windowDays: 28, from: firstOfMonth(from), to };
}

/**
 * Adds days up to periods: who came and went on each day of a period is who makes the difference
 * between its last day and the last day before it.
 */
export function toGrowth(
  { period, windowDays }: GrowthQuestion,
  { rows }: GrowthAnswer,
): GrowthPeriods {
  const startOf = { day: (date: string) => date, week: mondayOf, month: firstOfMonth }[period];
  const periods = new Map<string, GrowthPeriod>();
  for (const row of rows) {
    const date = startOf(row.date);
    const so = periods.get(date);
    periods.set(date, {
      date,
      before: so?.before ?? row.active_before,
      active: row.active,
      new: (so?.new ?? 0) + row.new,
      cameBack: (so?.cameBack ?? 0) + row.resurrected,
      lost: (so?.lost ?? 0) + row.lost,
      isOver: row.complete && isLastDay(row.date, period),
    });
  }
  return { period, windowDays, periods: [...periods.values()] };
}

function isLastDay(date: string, period: GrowthPeriods['period']): boolean {
  const { week, month } = { week: new Date(date).getUTCDay() === 0, month: isMonthEnd(date) };
  return { day: true, week, month }[period];
}

const isMonthEnd = (date: string): boolean => {
  const next = new Date(date);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.getUTCDate() === 1;
};
