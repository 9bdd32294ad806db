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
}

/** The people of each day of the view, with what was expected of it. */
export function toActiveDays(
  { byDay, forecast, annotations, yearBefore }: ActiveDaysAnswers,
  { from, to, today }: Pick<View, 'from' | 'to' | 'today'>,
): ActiveDays {
  const known = forecast.state === 'shown' ? forecast.value : undefined;
  const expected = new Map((known?.rows ?? []).map((row) => [row.date, row]));
  const then = new Map((yearBefore?.rows ?? []).map((row) => [row.date, row.active]));
  const rows = byDay.rows.filter(({ date }) => date >= from && date <= to);
  return {
    days: rows.map(({ date, active, complete }) => ({
      ...{ date, people: active, isOver: complete },
      forecast: toBand(expected.get(date)),
      ...(yearBefore !== undefined &&
        complete && { compared: then.get(daysAfter(date, -YEAR_DAYS)) ?? null }),
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
    failure: forecast.state === 'failed' ? forecast.detail : null,
    firstDate:
      known === undefined || known.days_known === 0 ? null : daysAfter(today, -known.days_known),
  };
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
