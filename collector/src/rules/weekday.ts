/** The days of a week, in the order of the numbered days since 1970-01-01. */
export const WEEKDAYS = [
  'thursday',
  'friday',
  'saturday',
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
] as const;

/** One of {@link WEEKDAYS}. */
export type Weekday = (typeof WEEKDAYS)[number];

/** The weekday of a day, numbered since 1970. */
export function weekdayOf(day: number): Weekday {
  const days = WEEKDAYS.length;
  return WEEKDAYS[((day % days) + days) % days] ?? WEEKDAYS[0];
}
