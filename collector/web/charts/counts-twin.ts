import type { Language } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import type { CountRow } from './count-bars.js';
import { countCell, EMPTY_CELL, shareCell } from './count.js';

export interface CountsTwinOptions {
  readonly id: string;
  readonly name: string;
  readonly column?: string;
  /** What is counted; people without it. */
  readonly counted?: { readonly key: string; readonly name: string };
  readonly leastShown: number;
}

/** The CSV of a table of values: the table that is shown is the twin's own. */
export function countsTwin(
  rows: readonly CountRow[],
  { id, name, column, counted, leastShown }: CountsTwinOptions,
  language: Language,
): Twin {
  const { charts } = language.texts;
  const hasChange = rows.some(({ change }) => typeof change === 'number');
  return {
    id,
    name,
    columns: [
      { key: 'value', name: column ?? charts.value },
      counted ?? { key: 'people', name: charts.people },
      { key: 'share', name: charts.share },
      ...(hasChange ? [{ key: 'change', name: charts.change }] : []),
    ],
    rows: rows.map(({ name: text, value = text, people, share, change }) => [
      { value, text },
      countCell(people, leastShown, language),
      share === null || typeof people !== 'number' ? EMPTY_CELL : shareCell(share, language),
      ...(hasChange
        ? [
            typeof change === 'number'
              ? { value: change, text: language.formats.change(change) }
              : EMPTY_CELL,
          ]
        : []),
    ]),
  };
}
