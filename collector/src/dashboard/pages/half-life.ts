/** A version that never had more has no half-life: its share is chance. */
const LEAST_PEAK = 0.02;

/**
 * Days from that of the largest share to the first from which on it was half of that at most; `null`
 * if it is still more.
 *
 * @param shares - One for each day; `null` where it is not known.
 */
export function halfLifeDays(shares: readonly (number | null)[]): number | null {
  const known = shares.map((share) => share ?? 0);
  const peak = Math.max(0, ...known);
  if (peak < LEAST_PEAK) return null;
  const top = known.lastIndexOf(peak);
  const lastAbove = known.findLastIndex((share) => share > peak / 2);
  return lastAbove === shares.length - 1 ? null : lastAbove + 1 - top;
}
