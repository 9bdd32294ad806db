import { type ExpectedShare, fitTrend } from './fit-trend.js';

/** The totals of some days, the explained day last. */
export interface ExplainedDays {
  readonly totals: readonly number[];
  /** Which of the days are like others. The last one is not asked for. */
  readonly isOrdinary: readonly boolean[];
}

/** How many days before the explained one have influence. */
export const REFERENCE_DAYS = 28;

/** Days that say how a share moves. */
const RECENT_DAYS = 3;

/** Weeks of which a steady share is the mean. */
const STEADY_WEEKS = 3;

/** A share moves if it has changed by more than so many deviations. */
const MOVING = 2.5;

const WEEK = 7;

/**
 * The share of a value that was to be expected on the explained day: the mean of the same weekdays.
 * If it is moving, as the shares of versions do, it is that of the last same weekday, moved on by
 * what a week has changed.
 *
 * @param counts - Of the value, on each of the days.
 */
export function expectedShareOf(
  counts: readonly number[],
  { totals, isOrdinary }: ExplainedDays,
): ExpectedShare {
  const shareOn = (days: readonly number[]): ExpectedShare => {
    let part = 0;
    let whole = 0;
    for (const day of days) {
      part += counts[day] ?? 0;
      whole += totals[day] ?? 0;
    }
    const share = part / Math.max(whole, 1);
    // Of one more than there were, so that nobody yet is no certainty.
    const bounded = Math.min(Math.max(share, 1 / (whole + 2)), 1 - 1 / (whole + 2));
    return { share, variance: (bounded * (1 - bounded)) / Math.max(whole, 1) };
  };
  const last = totals.length - 1;
  const ordinary = [...totals.keys()].filter((day) => day < last && isOrdinary[day] === true);
  const recentDays = ordinary.slice(-RECENT_DAYS);
  const beforeDays = recentDays.map((day) => day - WEEK).filter((day) => ordinary.includes(day));
  const sameWeekdays = ordinary.filter((day) => (last - day) % WEEK === 0).slice(-STEADY_WEEKS);
  const base = sameWeekdays.at(-1);
  const recent = shareOn(recentDays);
  if (base === undefined || beforeDays.length < recentDays.length) {
    return fitTrend(counts, totals, ordinary, last) ?? recent;
  }
  const before = shareOn(beforeDays);
  const moved = recent.share - before.share;
  const variance = recent.variance + before.variance;
  if (Math.abs(moved) <= MOVING * Math.sqrt(variance)) return shareOn(sameWeekdays);
  const weeks = (last - base) / WEEK;
  const from = shareOn([base]);
  return {
    share: Math.min(Math.max(from.share + weeks * moved, 0), 1),
    variance: from.variance + weeks ** 2 * variance,
  };
}
