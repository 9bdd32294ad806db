import type { DayForecast } from '../forecast/day-forecast.js';
import { type ExplainedDays, REFERENCE_DAYS } from '../forecast/expected-shares.js';
import type { DayWindow } from './windows.js';

/** A change whose reasons are looked for: of a day, or of a week. */
export interface ExplainedChange extends ExplainedDays {
  /** The days of each of the totals: single ones, or weeks. The last is the explained one. */
  readonly spans: readonly DayWindow[];
  readonly expected: number;
  /** How much less came than was expected; below 0, how much more. */
  readonly missing: number;
}

const WEEK = 7;

/** Weeks that a slow change is compared with. */
const REFERENCE_WEEKS = 4;

/** Days before a day that are looked at for its reasons, at most. */
export const EXPLAINED_FROM = Math.max(REFERENCE_DAYS, WEEK * (REFERENCE_WEEKS + 1) - 1);

/** The flags of days that have reasons. */
export const isExplained = ({ flags }: DayForecast): boolean =>
  flags.some((flag) => /^(low|high|slow_fall|slow_rise)$/.test(flag));

/**
 * What has changed on a day: of a `low` or `high` one, how it differs from its forecast; of another,
 * how its week differs from the week before.
 *
 * @param days - All days of the forecast.
 */
export function changeOf(one: DayForecast, days: readonly DayForecast[]): ExplainedChange {
  const isOfDay = one.flags.includes('low') || one.flags.includes('high');
  return isOfDay ? changeOfDay(one, days) : changeOfWeek(one, days);
}

function changeOfDay(one: DayForecast, days: readonly DayForecast[]): ExplainedChange {
  const before = days.filter(({ day }) => day < one.day && day >= one.day - REFERENCE_DAYS);
  const expected = one.expectation?.expected ?? 0;
  return {
    expected,
    missing: expected - (one.observed ?? 0),
    spans: [...before, one].map(({ day }) => ({ firstDay: day, lastDay: day })),
    totals: [...before, one].map(({ observed }) => observed ?? 0),
    isOrdinary: [
      ...before.map(({ observed, flags }) => observed !== null && flags.length === 0),
      false,
    ],
  };
}

function changeOfWeek(one: DayForecast, days: readonly DayForecast[]): ExplainedChange {
  const spans = Array.from({ length: REFERENCE_WEEKS + 1 }, (_, at) => {
    const lastDay = one.day - WEEK * (REFERENCE_WEEKS - at);
    return { firstDay: lastDay - WEEK + 1, lastDay };
  }).filter(({ firstDay }) => firstDay >= (days[0]?.day ?? 0));
  const totals = spans.map(({ firstDay, lastDay }) =>
    days
      .filter(({ day }) => day >= firstDay && day <= lastDay)
      .reduce((sum, { observed }) => sum + (observed ?? 0), 0),
  );
  const expected = totals.at(-2) ?? 0;
  return {
    ...{ spans, totals, expected },
    missing: expected - (totals.at(-1) ?? 0),
    isOrdinary: spans.map((_, at) => at < spans.length - 1),
  };
}
