import type { Language } from '../language/language.js';
import type { Twin, TwinColumn } from '../page/twin.js';
import { EMPTY_CELL, shareCell } from './count.js';
import type { ShareLine } from './share-lines.js';

export interface LinesTwinOptions {
  readonly id: string;
  readonly name: string;
  /** What the rows are. */
  readonly column: TwinColumn;
  /** How rows are called; by their number otherwise. */
  readonly rowText?: (row: number) => string;
}

/** The table of lines of shares: a row for each place on x, from 0. */
export function linesTwin(
  lines: readonly ShareLine[],
  { id, name, column, rowText }: LinesTwinOptions,
  language: Language,
): Twin {
  const count = Math.max(0, ...lines.map(({ shares }) => shares.length));
  return {
    id,
    name,
    columns: [column, ...lines.map((line) => ({ key: line.name, name: line.name }))],
    rows: Array.from({ length: count }, (_, row) => [
      { value: row, text: rowText?.(row) ?? language.formats.number(row) },
      ...lines.map(({ shares }) => {
        const share = shares[row];
        return share === undefined ? EMPTY_CELL : shareCell(share, language);
      }),
    ]),
  };
}
