/** A share that was to be expected, and the variance of it. */
export interface ExpectedShare {
  readonly share: number;
  readonly variance: number;
}

/** A share that moves from day to day. */
interface Trend extends ExpectedShare {
  /** The mean of the days. */
  readonly mean: number;
  /** By how much it moves in as many days as there were. */
  readonly moved: number;
}

/** A share moves if its slope is more than so many deviations. */
const MOVING = 2.5;

/**
 * Fits a line through the shares of some days, and prolongs it to another.
 *
 * @param counts - Of the part, by day.
 * @param wholes - Of what it is a part of, by day.
 * @returns `undefined` if the share does not move.
 */
export function fitTrend(
  counts: readonly number[],
  wholes: readonly number[],
  days: readonly number[],
  target: number,
): Trend | undefined {
  const all = sum(days, (day) => wholes[day] ?? 0);
  if (all === 0) return undefined;
  const mean = sum(days, (day) => counts[day] ?? 0) / all;
  const middle = sum(days, (day) => day * (wholes[day] ?? 0)) / all;
  const width = sum(days, (day) => (day - middle) ** 2 * (wholes[day] ?? 0));
  if (width === 0) return undefined;
  const slope =
    sum(days, (day) => (day - middle) * ((counts[day] ?? 0) - mean * (wholes[day] ?? 0))) / width;
  // Of one more than there were, so that nobody yet is no certainty.
  const chance = Math.max(mean * (1 - mean), 1 / (all + 2));
  if (Math.abs(slope) <= MOVING * Math.sqrt(chance / width)) return undefined;
  const ahead = target - middle;
  return {
    share: Math.min(Math.max(mean + slope * ahead, 0), 1),
    variance: chance / all + (chance / width) * ahead ** 2,
    mean,
    moved: slope * days.length,
  };
}

const sum = (days: readonly number[], of: (day: number) => number): number =>
  days.reduce((all, day) => all + of(day), 0);
