import type { Language } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { type Count, countCell, EMPTY_CELL, shareCell } from './count.js';

/** A part of a whole. */
export interface Part {
  readonly name: string;
  readonly people: Count;
  /** Of the whole; `null` if it is not shown. */
  readonly share: number | null;
}

/** The table of parts of a whole: of certainty, of versions. */
export function partsTwin(
  parts: readonly Part[],
  leastShown: number,
  { id, name, column }: { readonly id: string; readonly name: string; readonly column: string },
  language: Language,
): Twin {
  return {
    id,
    name,
    columns: [
      { key: 'name', name: column },
      { key: 'people', name: language.texts.charts.people },
      { key: 'share', name: language.texts.charts.share },
    ],
    rows: parts.map((part) => [
      { value: part.name, text: part.name },
      countCell(part.people, leastShown, language),
      part.share === null ? EMPTY_CELL : shareCell(part.share, language),
    ]),
  };
}
