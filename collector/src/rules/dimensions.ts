import { AGE_DIMENSION } from './age.js';
import { certaintyOf } from './band.js';
import type { CountedReport } from './counted-report.js';

/**
 * The dimensions of people: facts of their reports, and how sure it is that an ID is one person.
 * The order is that of the values in a `ValueRun`, so append new ones.
 */
export const USER_DIMENSIONS = [
  'os',
  'version',
  'certainty',
  'os_version',
  'arch',
  'runtime',
  'runtime_version',
  'container',
  'wsl',
  'agent',
  'channel',
  'level',
  'country',
] as const;

/** One of {@link USER_DIMENSIONS}. */
export type UserDimension = (typeof USER_DIMENSIONS)[number];

/** All dimensions of people: what reports say, and what follows from a person's first day. */
export const PEOPLE_DIMENSIONS = [...USER_DIMENSIONS, AGE_DIMENSION] as const;

/** The dimension of the country that reports come from, which is looked up at intake. */
export const COUNTRY_DIMENSION = 'country';

/** The dimension of events; those of their fields are named `field:<event>.<name>`. */
export const EVENT_DIMENSION = 'event';

/** Whether a dimension is one of {@link EVENT_DIMENSION} and its fields. */
export const isOfReports = (dimension: string): boolean =>
  dimension === EVENT_DIMENSION || eventOfField(dimension) !== undefined;

/** The event of the dimension of a field; `undefined` for other dimensions. */
export const eventOfField = (dimension: string): string | undefined =>
  /^field:([^.]+)\../.exec(dimension)?.[1];

/** The value of a fact that a report does not have. */
export const UNKNOWN = 'unknown';

/** The values of a report's user, in the order of {@link USER_DIMENSIONS}. */
export function userValuesOf(
  report: Pick<CountedReport, 'os' | 'version' | 'facts' | 'idSource' | 'idPersisted'>,
): string[] {
  return USER_DIMENSIONS.map((name) => {
    if (name === 'os' || name === 'version') return report[name];
    return name === 'certainty' ? certaintyOf(report) : (report.facts[name] ?? UNKNOWN);
  });
}

/** The days of receipt of reports whose country was looked up, whether or not it was found. */
export const countryDaysOf = (
  reports: readonly Pick<CountedReport, 'facts' | 'receivedDay'>[],
): number[] =>
  reports.filter(({ facts }) => COUNTRY_DIMENSION in facts).map(({ receivedDay }) => receivedDay);

/** The dimensions and values of a report itself: its event and the event's fields. */
export function reportValuesOf({
  event,
  fields,
}: Pick<CountedReport, 'event' | 'fields'>): [dimension: string, value: string][] {
  if (event === null) return [];
  const named = Object.entries(fields).map(([name, value]): [string, string] => [
    `field:${event}.${name}`,
    String(value),
  ]);
  return [[EVENT_DIMENSION, event], ...named];
}

/** Values in the order of {@link USER_DIMENSIONS}, by their names. */
export function nameValues(values: readonly string[]): Record<UserDimension, string> {
  const named = USER_DIMENSIONS.map((name, at) => [name, values[at] ?? UNKNOWN]);
  // `fromEntries` cannot tell that every name is there.
  return Object.fromEntries(named) as Record<UserDimension, string>;
}
