import { stringify } from 'csv-stringify/sync';

/**
 * Writes CSV with a head (RFC 4180). Cells that look like formulas, which spreadsheets run, start with
 * an apostrophe.
 */
export const toCsv = (
  rows: readonly (object | readonly unknown[])[],
  columns: readonly string[],
): string =>
  stringify([...rows], {
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String },
  });
