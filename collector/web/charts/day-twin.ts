import type { Language } from '../language/language.js';
import type { Twin, TwinCell, TwinColumn, TwinRow } from '../page/twin.js';
import { type Count, countCell, EMPTY_CELL, textCell } from './count.js';

export interface ForecastBand {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface Day {
  /** `2026-10-14` */
  readonly date: string;
  readonly active: Count;
  /** Whether the day is over. */
  readonly complete: boolean;
  readonly forecast: ForecastBand | null;
  /** The people of the day that this one is compared with; absent while it is not over. */
  readonly compared?: Count;
}

export interface DayAhead {
  readonly date: string;
  readonly forecast: ForecastBand;
}

/** A day outside the band. Its number is its place in the list, from 1. */
export interface FlaggedDay {
  readonly date: string;
  readonly href: string;
}

export interface Release {
  readonly date: string;
  readonly version: string;
  readonly href: string;
}

/** Active people by day. */
export interface DaySeries {
  readonly days: readonly Day[];
  readonly ahead: readonly DayAhead[];
  readonly flags: readonly FlaggedDay[];
  readonly releases: readonly Release[];
  /** The smallest number of people that is shown (k). */
  readonly leastShown: number;
}

export function dayTwin(series: DaySeries, name: string, language: Language): Twin {
  const { texts, formats } = language;
  const { days, ahead } = series;
  const hasForecast = ahead.length > 0 || days.some(({ forecast }) => forecast !== null);
  const hasCompared = days.some(({ compared }) => compared !== undefined);
  const notes = notesOf(series, language);

  const rowOf = (
    date: string,
    active: TwinCell,
    forecast: ForecastBand | null,
    compared: TwinCell,
  ): TwinRow => [
    { value: date, text: formats.weekday(date) },
    active,
    ...(hasCompared ? [compared] : []),
    ...(hasForecast ? bandCells(forecast, language) : []),
    textCell(notes.get(date) ?? ''),
  ];

  return {
    id: 'active-by-day',
    name,
    columns: columnsOf(hasCompared, hasForecast, texts.charts),
    rows: [
      ...days.map(({ date, active, forecast, compared }) =>
        rowOf(
          date,
          countCell(active, series.leastShown, language),
          forecast,
          comparedCell(compared, series, language),
        ),
      ),
      ...ahead.map(({ date, forecast }) => rowOf(date, EMPTY_CELL, forecast, EMPTY_CELL)),
    ],
  };
}

/** Of a day before all that is known there is no number, which is not zero. */
function comparedCell(
  compared: Count | undefined,
  { leastShown }: DaySeries,
  language: Language,
): TwinCell {
  if (compared === undefined) return EMPTY_CELL;
  const { value, text } = countCell(compared, leastShown, language);
  return { value, text: compared === null ? `– ${text}` : text };
}

const columnsOf = (
  hasCompared: boolean,
  hasForecast: boolean,
  texts: Language['texts']['charts'],
): readonly TwinColumn[] => [
  { key: 'date', name: texts.day },
  { key: 'active', name: texts.active },
  ...(hasCompared ? [{ key: 'compared', name: texts.compared }] : []),
  ...(hasForecast
    ? [
        { key: 'expected', name: texts.expected },
        { key: 'low', name: texts.low },
        { key: 'high', name: texts.high },
      ]
    : []),
  { key: 'note', name: texts.note },
];

const bandCells = (forecast: ForecastBand | null, { formats }: Language): TwinRow =>
  forecast === null
    ? [EMPTY_CELL, EMPTY_CELL, EMPTY_CELL]
    : [forecast.expected, forecast.low, forecast.high].map((value) => ({
        value,
        text: formats.number(Math.round(value)),
      }));

/** What there is to say of days: not over, ahead, outside the band, releases. */
function notesOf(
  { days, ahead, flags, releases }: DaySeries,
  { texts: { charts }, formats }: Language,
): ReadonlyMap<string, string> {
  const notes = new Map<string, string[]>();
  const add = (date: string, note: string): void => {
    notes.set(date, [...(notes.get(date) ?? []), note]);
  };
  for (const { date, complete } of days) if (!complete) add(date, charts.dayNotOver);
  for (const { date } of ahead) add(date, charts.dayAhead);
  for (const { date } of flags) add(date, charts.outsideBand);
  for (const [date, versions] of versionsByDate(releases)) {
    add(date, charts.released(formats.list(versions)));
  }
  return new Map([...notes].map(([date, texts]) => [date, texts.join(', ')]));
}

/** For each row of the table, the page of the day if it is flagged. */
export const dayHrefs = ({ days, flags }: DaySeries): readonly (string | undefined)[] =>
  days.map(({ date }) => flags.find((flag) => flag.date === date)?.href);

/** The versions that came on each day, in the order given. */
export function versionsByDate(
  releases: readonly Release[],
): ReadonlyMap<string, readonly string[]> {
  const byDate = new Map<string, string[]>();
  for (const { date, version } of releases) {
    byDate.set(date, [...(byDate.get(date) ?? []), version]);
  }
  return byDate;
}
