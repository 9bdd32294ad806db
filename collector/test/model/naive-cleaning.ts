import type { CalendarDate } from './calendar.js';
import type { NaiveUser } from './naive-count.js';
import type { NaiveReport } from './naive-report.js';
import { datesOf, valuesOn } from './naive-user.js';

/** What the administrator takes out: of a project all, some people, or the reports of an event. */
export interface NaiveSelection {
  readonly project: string;
  readonly days: { readonly from: CalendarDate; readonly to: CalendarDate } | undefined;
  readonly isNew: boolean;
  readonly where: { readonly dimension: string; readonly value: string } | undefined;
}

/** A cleaning, and what it hides from every answer until it is undone. */
export interface NaiveCleaning {
  readonly id: string;
  readonly until: number;
  readonly reports: ReadonlySet<object>;
  /** The users whose reports it hides. */
  readonly users: ReadonlySet<string>;
  /** The users of whose reports it hides some as such. */
  readonly saidBy: ReadonlySet<string>;
  /** Earlier cleanings that hid the same users then. */
  readonly covers: readonly NaiveCleaning[];
  isUndone: boolean;
}

const isIn = (days: NaiveSelection['days'], date: CalendarDate): boolean =>
  days === undefined || (date >= days.from && date <= days.to);

/** Whether a cleaning takes counts of reports, and no people. */
export const isOfReports = ({ where }: NaiveSelection): boolean => where?.dimension === 'event';

/** Whether a cleaning takes everything of a project. */
export const isOfAll = ({ days, where }: NaiveSelection): boolean =>
  days === undefined && where === undefined;

/** Whether a cleaning takes a person: by the first day, or by all days; and by the value of all days. */
export function takesUser({ days, isNew, where }: NaiveSelection, user: NaiveUser): boolean {
  const dates = datesOf(user);
  const chosen = isNew ? dates.slice(0, 1) : dates;
  if (!chosen.every((date) => isIn(days, date))) return false;
  return (
    where === undefined ||
    dates.every((date) => valuesOn(user, date)[where.dimension] === where.value)
  );
}

/** Whether a cleaning takes a report out of the counts of reports. */
export const takesReport = ({ days, where }: NaiveSelection, report: NaiveReport): boolean =>
  !report.ci && report.event === where?.value && isIn(days, report.date);
