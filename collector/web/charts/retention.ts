import type { Language } from '../language/language.js';
import type { Twin, TwinCell } from '../page/twin.js';
import { type Count, countCell, EMPTY_CELL } from './count.js';

export interface RetentionCell {
  /** Of the cohort; `null` if it is not shown. */
  readonly share: number | null;
  /** Whether the period is over. */
  readonly complete: boolean;
}

/** The people first seen in one period. */
export interface Cohort {
  /** The first day of the period. */
  readonly date: string;
  readonly people: Count;
  /** How many were active again in the first period after, the second, and so on. */
  readonly cells: readonly RetentionCell[];
}

export interface RetentionSeries {
  readonly period: 'week' | 'month';
  readonly cohorts: readonly Cohort[];
  /** The smallest number of people that is shown (k). */
  readonly leastShown: number;
}

/** How many periods after the first the longest row has. */
export const periodsAfter = ({ cohorts }: RetentionSeries): number =>
  Math.max(0, ...cohorts.map(({ cells }) => cells.length));

export function retentionTwin(series: RetentionSeries, name: string, language: Language): Twin {
  const { texts, formats } = language;
  const periods = Array.from({ length: periodsAfter(series) }, (_, i) => i);
  return {
    id: 'retention',
    name,
    columns: [
      { key: 'date', name: texts.charts.cohort[series.period] },
      { key: 'people', name: texts.charts.people },
      ...periods.map((i) => ({ key: `after_${i + 1}`, name: formats.number(i + 1) })),
    ],
    rows: series.cohorts.map(({ date, people, cells }) => [
      { value: date, text: formats.day(date) },
      countCell(people, series.leastShown, language),
      ...periods.map((i) => retentionCell(cells[i], series, language)),
    ]),
  };
}

/** A period that has not come is empty; one that runs has its share so far, and says so. */
function retentionCell(
  cell: RetentionCell | undefined,
  { period, leastShown }: RetentionSeries,
  { texts: { charts }, formats }: Language,
): TwinCell {
  if (cell === undefined) return EMPTY_CELL;
  if (cell.share === null) return { value: null, text: charts.fewerThan(leastShown) };
  const text = formats.percent(cell.share);
  return cell.complete
    ? { value: cell.share, text }
    : { value: null, text: charts.soFar(text, charts.periods[period].notOver) };
}
