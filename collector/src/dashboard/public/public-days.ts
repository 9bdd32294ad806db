import type { PublicDay } from '../../../web/page/public-content.js';

/** Days as the API counts them, as far as they are read here. */
interface CountedDays {
  readonly rows: readonly {
    readonly date: string;
    readonly complete: boolean;
    readonly active: number;
  }[];
}

/**
 * The complete days of an answer, from the first one that somebody was seen on.
 *
 * @param k - No group of fewer people is told: not even that there was nobody.
 */
export function publicDays({ rows }: CountedDays, k: number): PublicDay[] {
  const first = rows.findIndex(({ active }) => active > 0);
  if (first < 0) return [];
  return rows
    .slice(first)
    .filter(({ complete }) => complete)
    .map(({ date, active }) => ({ date, people: toldPeople(active, k) }));
}

/** A number of people as everybody may know it. */
export const toldPeople = (people: number, k: number): number | null =>
  people < k ? null : people;
