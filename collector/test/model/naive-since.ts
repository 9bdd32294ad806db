import { addDays, type CalendarDate, dateIn } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';

const DAY_MS = 86_400_000;

/** What an answer about people by country says if it reaches further back than countries are known. */
export function naiveSince(
  { count, zone }: NaiveAsked,
  dimension: string | undefined,
  from: CalendarDate | undefined,
): { readonly people_since?: CalendarDate | null } {
  if (dimension !== 'country') return {};
  const since = count.countrySince;
  if (since === undefined) return { people_since: null };
  // It began in the course of a day by UTC, so the day after its end is whole in any case.
  const first = addDays(dateIn(zone, Date.parse(since) + DAY_MS - 1), 1);
  return from !== undefined && from < first ? { people_since: first } : {};
}
