import type { BindValues, Database } from '../../../sqlite/database.js';

/** A rollup whose rows of one key are read together. */
export interface DayRows {
  readonly table: string;
  /** The columns before `day` in its primary key. */
  readonly key: readonly string[];
  /** Gaps are below this; 1 if the table has none. */
  readonly gaps: number;
}

/** Calls `visit` with each row of a key on the days from one to another. */
export type ReadDayRows = (
  key: BindValues,
  days: { readonly from: number; readonly to: number },
  visit: (day: number, gap: number, n: number) => void,
) => void;

/**
 * Prepares to read rows as one text: a row costs the binding ten times what it costs SQLite. Each
 * number of the text has the count, the day from the first one, and the gap.
 */
export function prepareDayRows(db: Database, { table, key, gaps }: DayRows): ReadDayRows {
  const gap = gaps > 1 ? 'gap' : '0';
  const isOfKey = key.map((column, at) => `${column} = ?${at + 4} AND `).join('');
  // Deletions are subtracted from counts, which may leave rows with 0.
  const packed = db.prepare<{ rows: string | null }>(
    `SELECT group_concat((n * ?3 + day - ?1) * ${gaps} + ${gap}) AS rows FROM ${table}
     WHERE ${isOfKey}day BETWEEN ?1 AND ?2 AND n <> 0`,
  );
  return (values, { from, to }, visit) => {
    const days = to - from + 1;
    const { rows } = packed.get([from, to, days, ...values]) ?? {};
    if (!rows) return;
    const ofCount = days * gaps;
    const tell = (number: number): void => {
      const n = Math.floor(number / ofCount);
      const rest = number - n * ofCount;
      const ofGap = rest % gaps;
      visit(from + (rest - ofGap) / gaps, ofGap, n);
    };
    let number = 0;
    let sign = 1;
    for (let at = 0; at < rows.length; at += 1) {
      const code = rows.charCodeAt(at);
      if (code === COMMA) {
        tell(sign * number);
        number = 0;
        sign = 1;
      } else if (code === MINUS) {
        sign = -1;
      } else {
        number = number * 10 + (code - ZERO);
      }
    }
    tell(sign * number);
  };
}

const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
