import type { Figure, Headline } from '../../../web/page/overview-content.js';
import { type Change, dayChange, windowChange } from '../../morning/change.js';
import type { GrowthAnswer, TimeseriesAnswer } from './answers.js';
import { daysAfter, YEAR_DAYS } from './days.js';

/** Complete days whose people are drawn beside the figure of yesterday, and of the week. */
const DAYS_DRAWN = 28;
const WEEKS_DRAWN = 56;

export interface HeadlineAnswers {
  /** Windows of 1 day: those drawn, and the running day. */
  readonly byDay: GrowthAnswer;
  /** Windows of 7 days, for each complete day that is drawn. */
  readonly byWeek: GrowthAnswer;
  /** Windows of 28 days, for each of the last 28 complete days. */
  readonly byMonth: GrowthAnswer;
  /** People of 28 days by certainty, on the last complete day. */
  readonly band: TimeseriesAnswer | undefined;
  /** Windows of 1, 7 and 28 days that ended a year ago; `undefined` without that comparison. */
  readonly yearBefore: readonly GrowthAnswer[] | undefined;
  /** The first day with people; `null` if it is not known. */
  readonly firstDate: string | null;
  /** Yesterday. */
  readonly yesterday: string;
}

/** How the figures of the headline are compared. */
type Compare = 'weekdays' | 'year' | 'none';

/** The figures that are read first, as `headcount-collector morning` tells them. */
export function toHeadline(answers: HeadlineAnswers, compare: Compare): Headline | undefined {
  const { byDay, byWeek, byMonth, band, yearBefore, yesterday, firstDate } = answers;
  const complete = byDay.rows.filter((row) => row.complete);
  const last = complete.at(-1)?.date;
  const day = dayChange(byDay);
  const week = windowChange(7, { ...byWeek, rows: byWeek.rows.slice(-7) });
  const month = windowChange(28, { ...byMonth, rows: byMonth.rows.slice(-28) });
  if (last === undefined || day === undefined || week === undefined || month === undefined) {
    return undefined;
  }
  const certainty = band?.rows.at(-1);
  const isKnown = (date: string): boolean => firstDate === null || date >= firstDate;
  const figure = (change: Change, at: number, course: Figure['course'] = []): Figure => ({
    ...(isKnown(last)
      ? compared(change, last, compare, yearBefore?.[at])
      : { people: null, change: null, comparedTo: null }),
    course,
  });
  const courseOf = (rows: GrowthAnswer['rows']): Figure['course'] =>
    rows.map(({ date, active }) => (isKnown(date) ? active : null));
  return {
    until: last === yesterday ? null : last,
    firstDate,
    month: figure(month, 2),
    yesterday: figure(day, 0, courseOf(complete.slice(-DAYS_DRAWN))),
    week: figure(week, 1, courseOf(byWeek.rows.slice(-WEEKS_DRAWN))),
    today: byDay.rows.find((row) => !row.complete)?.active ?? 0,
    band: certainty === undefined ? null : toBand(certainty),
    coverage: byDay.coverage ?? null,
  };
}

function compared(
  { days, people, before, change }: Change,
  last: string,
  compare: Compare,
  yearBefore: GrowthAnswer | undefined,
): Omit<Figure, 'course'> {
  if (compare === 'none') return { people, change: null, comparedTo: null };
  if (compare === 'weekdays') {
    return {
      people,
      change,
      comparedTo: before === 0 ? null : daysAfter(last, -Math.max(7, days)),
    };
  }
  const then = yearBefore?.rows.at(-1)?.active ?? 0;
  return then === 0
    ? { people, change: null, comparedTo: null }
    : { people, change: people / then - 1, comparedTo: daysAfter(last, -YEAR_DAYS) };
}

function toBand({
  certain,
  likely,
  ephemeral,
}: TimeseriesAnswer['rows'][number]): Headline['band'] {
  if (typeof certain !== 'number' || typeof likely !== 'number') return null;
  return typeof ephemeral === 'number' ? { certain, likely, ephemeral } : null;
}
