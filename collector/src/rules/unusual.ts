/** A day with fewer new people is never unusual. */
export const UNUSUAL_ABOVE = 500;

/** How many times the usual number of new people an unusual day exceeds. */
export const UNUSUAL_FACTOR = 10;

/** The days before a day that say what is usual. */
export const USUAL_DAYS = 28;

/**
 * Whether a day's new people are so many that somebody should look: they may be made up. They are
 * counted all the same.
 *
 * @param before - The new people of the {@link USUAL_DAYS} days before. Days without any may be
 *   left out; they count as 0, also those before the first day of a project.
 */
export function isUnusual(newPeople: number, before: readonly number[]): boolean {
  return newPeople > UNUSUAL_ABOVE && newPeople > UNUSUAL_FACTOR * medianOf(before);
}

function medianOf(before: readonly number[]): number {
  const missing = Array.from({ length: Math.max(0, USUAL_DAYS - before.length) }, () => 0);
  const all = [...before, ...missing].sort((a, b) => a - b);
  return ((all[USUAL_DAYS / 2 - 1] ?? 0) + (all[USUAL_DAYS / 2] ?? 0)) / 2;
}
