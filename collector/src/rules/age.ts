/** The dimension of how long somebody has been known on a day. No report says it. */
export const AGE_DIMENSION = 'age';

/** The ages of people, the youngest first. Stores keep their places, so append new ones. */
export const AGES = ['week_1', 'weeks_2_4', 'weeks_5_24', 'older'] as const;

/** The first day of each age but the first, counted from a person's first day. */
const STARTS = [7, 28, 168];

/** The age of a person on a day, as its place in {@link AGES}. Days are numbered since 1970. */
export function ageOn(day: number, firstDay: number): number {
  const known = day - firstDay;
  const at = STARTS.findIndex((start) => known < start);
  return at === -1 ? STARTS.length : at;
}
