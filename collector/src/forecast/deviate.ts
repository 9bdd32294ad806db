import type { ExplainedDays } from './expected-shares.js';
import type { ExpectedShare } from './fit-trend.js';

/** A change of a day, to be explained. */
export interface Change extends ExplainedDays {
  /** What was expected of the day. */
  readonly expected: number;
}

/** How much is missing of a part. */
export interface PartDeviation {
  /** Its share of what was expected. */
  readonly share: number;
  /** How many were expected. */
  readonly expected: number;
  /** How much less it had than was expected. */
  readonly missing: number;
  /** Of {@link missing}, if the change is spread evenly. */
  readonly variance: number;
}

/**
 * How much is missing of a part.
 *
 * @param counts - Of the part, on each of the days.
 */
export function deviate(
  { totals, expected }: Change,
  { share, variance }: ExpectedShare,
  counts: readonly number[],
): PartDeviation {
  const last = totals.length - 1;
  // Of those who came: 0 of 40 is no chance where 13 are usual, however many were expected in all.
  const came = totals[last] ?? 0;
  const whole = share * expected;
  return {
    share,
    expected: whole,
    missing: whole - (counts[last] ?? 0),
    variance: Math.max(share * came, 1) + variance * came ** 2,
  };
}
