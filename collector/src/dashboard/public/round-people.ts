/** How many digits of a public number are exact. */
const DIGITS = 2;

/**
 * Rounds a number of people for a place where everybody sees it for ever: to two digits, so that one
 * person who comes or goes seldom changes it.
 *
 * @param k - No group of fewer people is told.
 * @returns `null` for fewer than `k`.
 */
export function roundPeople(people: number, k: number): number | null {
  return people < k ? null : Number(people.toPrecision(DIGITS));
}
