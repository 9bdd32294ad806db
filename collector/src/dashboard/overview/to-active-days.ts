import type { ActiveDays, DayNote } from '../../../web/page/overview-content.js';
import type { Part } from '../../../web/page/part.js';
import type { View } from '../../../web/page/view.js';
import type { AnnotationsAnswer, ForecastAnswer, GrowthAnswer } from './answers.js';
import { daysAfter, YEAR_DAYS } from './days.js';

/** Flagged days that are told, the last ones: more have no room below a chart. */
const MAX_FLAGGED = 6;

/** Notes that are told below the chart; each day tells its own when it is opened. */
const MAX_NOTES = 5;

export interface ActiveDaysAnswers {
  /** Windows of 1 day, the days of the view among them. */
  readonly byDay: GrowthAnswer;
  readonly forecast: Part<ForecastAnswer>;
  readonly annotations: AnnotationsAnswer | undefined;
  /** Windows of 1 day, a year before the days of the view; `undefined` without that comparison. */
  readonly yearBefore: GrowthAnswer | undefined;
  /** By {@link firstDateOf}. */
  readonly firstDate: string | null;
}

/** The first day with people; `null` if it is not known. */
export function firstDateOf(
  { rows }: GrowthAnswer,
  forecast: Part<ForecastAnswer>,
  today: string,
): string | null {
  const daysKnown = forecast.state === 'shown' ? forecast.value.days_known : 0;
  if (daysKnown > 0) return daysAfter(today, -daysKnown);
  // On the first day everybody is new.
  const first = rows.find(({ active }) => active > 0);
  return first !== undefined && first.new === first.active ? first.date : null;
}

/** The people of each day of the view, with what was expected of it. */
export function toActiveDays(
  { byDay, forecast, annotations, yearBefore, firstDate }: ActiveDaysAnswers,
  { from, to, compare }: Pick<View, 'from' | 'to' | 'compare'>,
): ActiveDays {
  const known = forecast.state === 'shown' ? forecast.value : undefined;
  const expected = new Map((known?.rows ?? []).map((row) => [row.date, row]));
  // Before the first report nobody knows of people: these days are not zero.
  const start = firstDate !== null && firstDate > from ? firstDate : from;
  const rows = byDay.rows.filter(({ date }) => date >= start && date <= to);
  const comparedTo = comparisonOf({ byDay, yearBefore }, { from, to, compare }, firstDate);
  return {
    days: rows.map(({ date, active, complete }) => ({
      ...{ date, people: active, isOver: complete },
      forecast: toBand(expected.get(date)),
      ...(comparedTo !== undefined && complete && { compared: comparedTo(date) }),
    })),
    flagged: (known?.rows ?? [])
      .filter(({ flags }) => flags.includes('low') || flags.includes('high'))
      .slice(-MAX_FLAGGED)
      .map(({ date, observed, expected: usual, reasons }) => ({
        ...{ date, people: observed ?? 0, expected: usual, reasons },
      })),
    releases: toReleases(annotations),
    notes: toNotes(annotations).slice(-MAX_NOTES),
    forecast:
      known === undefined ? null : { daysKnown: known.days_known, daysNeeded: known.days_needed },
    failure: forecast.state === 'failed' ? forecast.problem : null,
    firstDate,
  };
}

/** With more days than these, a week before is the same wave again, and drawn twice reads as none. */
const MOST_COMPARED_BY_WEEK = 31;

const WEEK_DAYS = 7;

/** What each day is compared with: a year before, or the same weekday before where days are few. */
function comparisonOf(
  { byDay, yearBefore }: Pick<ActiveDaysAnswers, 'byDay' | 'yearBefore'>,
  { from, to, compare }: Pick<View, 'from' | 'to' | 'compare'>,
  firstDate: string | null,
): ((date: string) => number | null) | undefined {
  /** Without the days before the first with people: nobody knows of them. */
  const peopleOf = ({ rows }: GrowthAnswer): ReadonlyMap<string, number> => {
    const first = firstDate ?? rows.find(({ active }) => active > 0)?.date;
    return new Map(
      rows
        .filter(({ date }) => first !== undefined && date >= first)
        .map((row) => [row.date, row.active]),
    );
  };
  if (yearBefore !== undefined) {
    const then = peopleOf(yearBefore);
    return (date) => then.get(daysAfter(date, -YEAR_DAYS)) ?? null;
  }
  const isFew = daysAfter(from, MOST_COMPARED_BY_WEEK) > to;
  if (compare !== 'weekdays' || !isFew) return undefined;
  const then = peopleOf(byDay);
  return (date) => then.get(daysAfter(date, -WEEK_DAYS)) ?? null;
}

function toBand(row: ForecastAnswer['rows'][number] | undefined) {
  if (row === undefined) return null;
  const { expected, low, high } = row;
  return expected === null || low === null || high === null ? null : { expected, low, high };
}

/** The first days of versions; pre-releases are left out, since many have them every night. */
export const toReleases = (answer: AnnotationsAnswer | undefined): ActiveDays['releases'] =>
  (answer?.rows ?? []).flatMap(({ date, kind, version, prerelease }) =>
    kind === 'release' && version !== null && prerelease !== true ? [{ date, version }] : [],
  );

/** What the administrator has noted. */
export const toNotes = (answer: AnnotationsAnswer | undefined): readonly DayNote[] =>
  (answer?.rows ?? []).flatMap(({ date, to, kind, text }) =>
    kind === 'release' ? [] : [{ date, to, kind, text }],
  );
