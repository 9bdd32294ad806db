import { stringify } from 'csv-stringify/sync';
import {
  EXPORT_COLUMNS,
  type ExportCursor,
  type ExportName,
  type ExportPage,
  type ExportQuestion,
  type ExportRow,
} from '../store/export-rows.js';

/** The formats of an export. */
export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions {
  readonly what: ExportName;
  /** One project, or all when `null`. */
  readonly project: string | null;
  readonly format: ExportFormat;
}

/** Rows of the store that are read at a time. A user can have 400 days. */
const PAGE_ROWS = 500;

/**
 * Writes an export, page by page: the next one is read when the one before was taken.
 *
 * @param read - Reads a page.
 */
export async function* writeExport(
  read: (question: ExportQuestion) => ExportPage | Promise<ExportPage>,
  { what, project, format }: ExportOptions,
): AsyncGenerator<string> {
  const columns = EXPORT_COLUMNS[what];
  if (format === 'csv') yield toCsv([columns]);
  let after: ExportCursor | null = null;
  do {
    const page: ExportPage = await read({ what, project, after, limit: PAGE_ROWS });
    if (page.rows.length > 0) yield toText(page.rows, columns, format);
    after = page.next;
  } while (after !== null);
}

function toText(
  rows: readonly ExportRow[],
  columns: readonly string[],
  format: ExportFormat,
): string {
  const cells = rows.map((row) => columns.map((name) => row[name] ?? null));
  if (format === 'csv') return toCsv(cells);
  return rows
    .map((row) => {
      const members = columns.map((name) => [name, row[name] ?? null]);
      return `${JSON.stringify(Object.fromEntries(members))}\n`;
    })
    .join('');
}

/** Cells that look like formulas start with an apostrophe. */
const toCsv = (rows: readonly (readonly unknown[])[]): string =>
  stringify([...rows.map((row) => [...row])], {
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String },
  });
