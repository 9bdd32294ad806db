/** A day that is not one of a clock change, in milliseconds. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The time zones days can be counted in. */
export type Zone = 'UTC';

/** The zone all projects are counted in. */
export const DEFAULT_ZONE: Zone = 'UTC';

/**
 * The number of the calendar day in `zone` that an instant falls on; day 0 is 1970-01-01.
 *
 * @param at - Milliseconds since 1970.
 */
export function dayOf(at: number, zone: Zone): number {
  switch (zone) {
    case 'UTC':
      return Math.floor(at / DAY_MS);
  }
}
