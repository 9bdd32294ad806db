/** The middle of some numbers; 0 of none. */
export const medianOf = (values: readonly number[]): number =>
  // A typed array is sorted by size without a comparison function, which is ten times as fast.
  middleOf(new Float64Array(values).sort());

/** The middle of numbers that are sorted; 0 of none. */
export function middleOf(sorted: readonly number[] | Float64Array): number {
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}

/** The mean of sorted numbers without the outermost of each six, so that a holiday does not count. */
export function trimmedMeanOf(sorted: readonly number[]): number {
  const cut = Math.floor((sorted.length + 3) / 6);
  let sum = 0;
  for (let at = cut; at < sorted.length - cut; at++) sum += sorted[at] ?? 0;
  return sum / Math.max(sorted.length - 2 * cut, 1);
}

/** The mean; 0 of none. */
export function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(values.length, 1);
}
