import { Type } from 'typebox';
import { ProblemError } from '../errors.js';
import { dateOfDay, dayOfDate, isSameZone, type Zone } from '../rules/day.js';
import { EVENT_DIMENSION, isOfReports, PEOPLE_DIMENSIONS } from '../rules/dimensions.js';
import { type Interval, INTERVALS, nextPeriod, periodOf } from '../rules/period.js';

const DATE = { pattern: '^\\d{4}-\\d{2}-\\d{2}$' };

/** Buckets or cohorts in an answer at most. */
export const MAX_BUCKETS = 1000;

/** Rows of an answer at most: about 2 MB. */
const MAX_ROWS = 10_000;

/** Days in a question at most: ten years. */
const MAX_DAYS = 3660;

/** Days in a question at most, if it groups by a dimension. */
export const MAX_GROUPED_DAYS = 400;

/** How far after today a question may reach, in days: a year. */
const MAX_AHEAD_DAYS = 366;

/** The query parameters of several questions. */
export const parameters = {
  from: Type.Optional(Type.String({ ...DATE, description: 'The first day, as 2026-11-23' })),
  to: Type.Optional(
    Type.String({ ...DATE, description: 'The last day, itself included; today without it' }),
  ),
  interval: Type.Optional(
    Type.Enum([...INTERVALS], {
      description: 'How long a bucket is; weeks begin on Monday. day without it',
    }),
  ),
  window: Type.Optional(
    Type.String({
      pattern: '^[1-9]\\d{0,2}d$',
      description: 'Days that end with the last of each bucket, as 7d; the bucket without it',
    }),
  ),
  tz: Type.Optional(
    Type.String({
      maxLength: 64,
      description:
        'The time zone that the caller expects. Days are fixed when reports are counted, in the ' +
        'zone of their project; another zone is refused, not answered wrongly',
    }),
  ),
};

/** @throws `bad_parameter`, with the parameter and its allowed values. */
export function refuseParameter(
  parameter: string,
  detail: string,
  allowed?: readonly string[],
): never {
  throw new ProblemError('bad_parameter', detail, {
    parameter,
    ...(allowed !== undefined && { allowed }),
  });
}

/** Refuses a question whose answer might have too many rows. */
export function checkRows(most: number, parameter: string): void {
  if (most <= MAX_ROWS) return;
  refuseParameter(parameter, `An answer has at most ${MAX_ROWS} rows; this may have ${most}.`);
}

/** Refuses a time zone other than the one that days are counted in. */
export function checkZone(tz: string | undefined, zone: Zone): void {
  if (tz === undefined || isSameZone(tz, zone)) return;
  refuseParameter('tz', `Days are told in ${zone} here, as the project’s settings say.`, [zone]);
}

/** The default number of buckets. */
const DEFAULT_BUCKETS: Readonly<Record<Interval, number>> = { day: 30, week: 13, month: 12 };

/**
 * The days of a question, extended to whole buckets, at most {@link MAX_BUCKETS}.
 *
 * @param longest - The most days that may be asked for.
 */
export function readDays(
  given: { readonly from?: string; readonly to?: string },
  interval: Interval,
  today: number,
  longest = MAX_DAYS,
): { from: number; to: number } {
  const to = given.to === undefined ? today : readDate('to', given.to, today);
  let from = given.from === undefined ? to : readDate('from', given.from, today);
  if (given.from === undefined) {
    for (let n = 1; n < DEFAULT_BUCKETS[interval]; n++) from = periodOf(from, interval) - 1;
  }
  if (from > to) refuseParameter('from', 'The first day must not be after the last one.');
  const span = to - from + 1;
  if (span > longest || span > MAX_BUCKETS * shortest(interval)) {
    const detail = `At most ${MAX_BUCKETS} buckets and ${longest} days can be asked for at once here.`;
    refuseParameter('from', detail);
  }
  return {
    from: periodOf(from, interval),
    to: nextPeriod(periodOf(to, interval), interval) - 1,
  };
}

/** Reads the length of a window, in days. */
export function readWindow(window: string, longest: number): number {
  const days = Number.parseInt(window, 10);
  if (days > longest) {
    refuseParameter('window', `The window may have 1d to ${longest}d here.`, [`1d to ${longest}d`]);
  }
  return days;
}

function readDate(parameter: string, date: string, today: number): number {
  const day = dayOfDate(date) ?? refuseParameter(parameter, 'There is no such day.');
  const last = today + MAX_AHEAD_DAYS;
  if (day >= 0 && day <= last) return day;
  const allowed = `${dateOfDay(0)} to ${dateOfDay(last)}`;
  return refuseParameter(parameter, `Days from ${allowed} can be asked for.`, [allowed]);
}

const shortest = (interval: Interval): number => ({ day: 1, week: 7, month: 28 })[interval];

/** The description of dimensions for people. */
export const DIMENSIONS_HELP =
  `People by ${PEOPLE_DIMENSIONS.join(', ')}; people or reports by event or field:<event>.<name>. ` +
  'Whoever had several values counts under each of them';

/** What a dimension groups. */
export const UNITS = ['people', 'reports'] as const;

/** One of {@link UNITS}. */
export type Unit = (typeof UNITS)[number];

const REPORT_DIMENSIONS = [EVENT_DIMENSION, 'field:<event>.<name>'];

/**
 * Whether a dimension groups people or reports.
 *
 * @throws `bad_parameter` if it is unknown, or of another unit than `units`.
 */
export function unitOf(dimension: string, parameter: string, units: readonly Unit[]): Unit {
  const isOfPeople = PEOPLE_DIMENSIONS.some((name) => name === dimension);
  if (isOfPeople && units.includes('people')) return 'people';
  if (isOfReports(dimension) && units.includes('reports')) return 'reports';
  const allowed = [
    ...(units.includes('people') ? PEOPLE_DIMENSIONS : []),
    ...(units.includes('reports') ? REPORT_DIMENSIONS : []),
  ];
  return refuseParameter(parameter, 'This question has no such dimension.', allowed);
}

/**
 * What a question counts by a dimension: people by all of them, reports by what they say.
 *
 * @param unit - What it asks for; without it, reports where a dimension is one of reports.
 * @throws `bad_parameter` if there is no such dimension, or reports cannot be counted by it.
 */
export function readUnit(dimension: string, parameter: string, unit: Unit | undefined): Unit {
  if (unit === 'people' && isOfReports(dimension)) return unit;
  return unitOf(dimension, parameter, unit === undefined ? UNITS : [unit]);
}
