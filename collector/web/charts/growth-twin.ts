import type { Language } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { type Count, countCell, EMPTY_CELL, textCell } from './count.js';

export type Period = 'day' | 'week' | 'month';

export interface GrowthPeriod {
  /** The first day, `2026-10-12`. */
  readonly date: string;
  readonly active: Count;
  readonly new: Count;
  readonly cameBack: Count;
  readonly lost: Count;
  /** Against the period before, as a share; `null` if there is nothing to compare with. */
  readonly change: number | null;
  /** Whether the period is over. */
  readonly complete: boolean;
}

export interface GrowthSeries {
  readonly period: Period;
  readonly periods: readonly GrowthPeriod[];
  /** The smallest number of people that is shown (k). */
  readonly leastShown: number;
}

export function growthTwin(series: GrowthSeries, name: string, language: Language): Twin {
  const { texts, formats } = language;
  const words = texts.charts.periods[series.period];
  return {
    id: 'growth',
    name,
    columns: [
      { key: 'date', name: words.from },
      { key: 'active', name: texts.charts.active },
      { key: 'new', name: texts.charts.new },
      { key: 'came_back', name: texts.charts.cameBack },
      { key: 'lost', name: texts.charts.lost },
      { key: 'change', name: texts.charts.change },
    ],
    rows: series.periods.map((period) => [
      { value: period.date, text: formats.day(period.date) },
      ...[period.active, period.new, period.cameBack, period.lost].map((count) =>
        countCell(count, series.leastShown, language),
      ),
      period.complete
        ? period.change === null
          ? EMPTY_CELL
          : { value: period.change, text: formats.change(period.change) }
        : { ...textCell(words.notOver), value: null },
    ]),
  };
}
