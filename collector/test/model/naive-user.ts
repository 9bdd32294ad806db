import { addDays, type CalendarDate } from './calendar.js';
import type { NaiveUser } from './naive-count.js';
import type { NaiveReport } from './naive-report.js';

/** Whether nothing but build farms has reported with the ID. */
export const isBuildFarm = ({ reports }: NaiveUser): boolean => reports.every(({ ci }) => ci);

export const isPerson = (user: NaiveUser): boolean => !isBuildFarm(user);

export const wasActive = (user: NaiveUser, from: CalendarDate, to: CalendarDate): boolean =>
  user.reports.some(({ date }) => date >= from && date <= to);

/** The days on which a user was active, in order. */
export const datesOf = ({ reports }: NaiveUser): CalendarDate[] =>
  [...new Set(reports.map(({ date }) => date))].sort();

export const firstDateOf = (user: NaiveUser): CalendarDate => datesOf(user)[0] ?? '';

/** The report that was made last; of those made in the same moment, the one that came last. */
export function newestOf({ reports }: NaiveUser): NaiveReport {
  return reports.reduce((newest, report) => (report.at >= newest.at ? report : newest));
}

/** What a user counts under on a day: what the first report to come of that day said. */
export const valuesOn = ({ reports }: NaiveUser, date: CalendarDate): NaiveReport['values'] =>
  reports.find((report) => report.date === date)?.values ?? {};

/** The values of a dimension under which a user counts in a span of days. */
export function valuesIn(
  user: NaiveUser,
  dimension: string,
  from: CalendarDate,
  to: CalendarDate,
): string[] {
  const dates = datesOf(user).filter((date) => date >= from && date <= to);
  if (dimension === 'age') return [...new Set(dates.map((date) => ageOn(user, date)))];
  return [...new Set(dates.map((date) => valuesOn(user, date)[dimension] ?? ''))];
}

/** The last day of each age but the last, counted from 0 on the first day. */
const AGES = { week_1: 6, weeks_2_4: 27, weeks_5_24: 167 };

/** How long a user has been known on a date. */
function ageOn(user: NaiveUser, date: CalendarDate): string {
  const first = firstDateOf(user);
  const found = Object.entries(AGES).find(([, last]) => date <= addDays(first, last));
  return found?.[0] ?? 'older';
}

/** What a report says of `event` or `field:<event>.<name>`. */
export function valueSaid(
  { event: own, fields }: NaiveReport,
  dimension: string,
): string | undefined {
  const [, event, field] = /^field:([^.]+)\.(.*)$/.exec(dimension) ?? [];
  if (event === undefined) return own;
  return own === event ? fields[field ?? ''] : undefined;
}

/** What reports that came from no build farm say of a dimension in a span of days, each value once. */
export function saidIn(
  reports: readonly NaiveReport[],
  dimension: string,
  from: CalendarDate,
  to: CalendarDate,
): string[] {
  const values = reports
    .filter(({ ci, date }) => !ci && date >= from && date <= to)
    .map((report) => valueSaid(report, dimension));
  return [...new Set(values)].filter((value) => value !== undefined);
}
