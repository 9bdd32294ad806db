import { medianOf } from './order-statistics.js';
import { toScale } from './scale.js';

/** How many days a history begins with: each weekday twice. */
export const FIRST_DAYS = 14;

const WEEK = 7;

/** Of a weekday's two days that differ so much more than usual, one is no ordinary day. */
const FAR_APART = { times: 3, least: 0.7 };

/**
 * The values of the first days, as logarithms. Of two same weekdays that lie far apart, both become
 * the one that is more like the other days; an unknown day becomes like its twin.
 *
 * @param counts - Of {@link FIRST_DAYS} days.
 */
export function beginHistory(counts: readonly (number | null)[]): number[] {
  const logarithms = counts.map((count) => (count === null ? null : toScale(count)));
  const middle = medianOf(logarithms.filter((value) => value !== null));
  const pairs = Array.from({ length: WEEK }, (_, at): [number, number] => {
    const one = logarithms[at] ?? logarithms[at + WEEK] ?? middle;
    return [one, logarithms[at + WEEK] ?? one];
  });
  const usual = medianOf(pairs.map(([one, other]) => Math.abs(one - other)));
  const limit = Math.max(FAR_APART.least, FAR_APART.times * usual);
  const settled = pairs.map(([one, other]): [number, number] => {
    if (Math.abs(one - other) <= limit) return [one, other];
    const nearer = Math.abs(one - middle) <= Math.abs(other - middle) ? one : other;
    return [nearer, nearer];
  });
  return [...settled.map(([one]) => one), ...settled.map(([, other]) => other)];
}
