import type { Language } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { EMPTY_CELL, shareCell } from './count.js';
import type { Release } from './day-twin.js';
import type { Slot } from './version-slots.js';

/** The share of one version on each day; `null` if nothing is known of the day. */
export interface ShareSeries {
  readonly name: string;
  readonly slot: Slot;
  readonly shares: readonly (number | null)[];
}

/** Shares over time that add up to the whole. */
export interface StackedSeries {
  readonly dates: readonly string[];
  /** Newest first. All with slot 0 are drawn as one, above the others. */
  readonly series: readonly ShareSeries[];
  readonly releases: readonly Release[];
  /** The day that is not over, if it is the last. */
  readonly lastIsRunning: boolean;
}

/** The series as drawn: those with a slot, and one of all others. */
export function drawnSeries(stacked: StackedSeries, language: Language): readonly ShareSeries[] {
  const named = stacked.series.filter(({ slot }) => slot !== 0);
  const others = stacked.series.filter(({ slot }) => slot === 0);
  if (others.length === 0) return named;
  const shares = stacked.dates.map((_, i) => {
    const known = others.flatMap((series) => series.shares[i] ?? []);
    return known.length > 0 ? known.reduce((sum, share) => sum + share, 0) : null;
  });
  return [...named, { name: language.texts.charts.other, slot: 0, shares }];
}

export function sharesTwin(stacked: StackedSeries, name: string, language: Language): Twin {
  const { texts, formats } = language;
  const series = drawnSeries(stacked, language);
  const last = stacked.dates.length - 1;
  return {
    id: 'share-by-day',
    name,
    columns: [
      { key: 'date', name: texts.charts.day },
      ...series.map(({ name: key }) => ({ key, name: key })),
      ...(stacked.lastIsRunning ? [{ key: 'note', name: texts.charts.note }] : []),
    ],
    rows: stacked.dates.map((date, i) => [
      { value: date, text: formats.weekday(date) },
      ...series.map(({ shares }) => shareCell(shares[i] ?? null, language)),
      ...(stacked.lastIsRunning
        ? [i === last ? { value: null, text: texts.charts.dayNotOver } : EMPTY_CELL]
        : []),
    ]),
  };
}
