import type { DropCursor } from '../store.js';
import type { Connection } from './connection.js';

/** A key of a table. */
export type Key = DropCursor['key'];

/** The rows after one key and up to another; `null` has no bound. */
export interface Part {
  readonly after: Key | null;
  readonly upTo: Key | null;
}

/** A table that is walked through in the order of its key. */
export interface WalkedTable {
  readonly name: string;
  readonly key: readonly string[];
}

/** Rows of a table that are looked at in one transaction. */
const PART_ROWS = 2000;

/** The last key of the next part of a table; `null` if the rest is no longer than a part. */
export async function endOfPart(
  connection: Connection,
  { name, key }: WalkedTable,
  after: Key | null,
): Promise<Key | null> {
  const columns = key.join(', ');
  const row = await connection.get<Record<string, string | number>>(
    `SELECT ${columns} FROM ${name} WHERE ${whereKey(key, { after, upTo: null })}
     ORDER BY ${columns} LIMIT 1 OFFSET ${PART_ROWS - 1}`,
    after ?? [],
  );
  return row === undefined ? null : key.map((column) => row[column.replaceAll('"', '')] ?? 0);
}

/** A condition for the keys of a part, which are its parameters; see {@link valuesOf}. */
export function whereKey(key: readonly string[], { after, upTo }: Part): string {
  const columns = `(${key.join(', ')})`;
  const marks = (from: number): string => `(${key.map((_, at) => `$${from + at + 1}`).join(', ')})`;
  const conditions = [
    ...(after === null ? [] : [`${columns} > ${marks(0)}`]),
    ...(upTo === null ? [] : [`${columns} <= ${marks(after === null ? 0 : key.length)}`]),
  ];
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** The parameters of {@link whereKey}. */
export const valuesOf = ({ after, upTo }: Part): unknown[] => [...(after ?? []), ...(upTo ?? [])];

/**
 * Walks on through tables for at most about some milliseconds.
 *
 * @param work - Does the work on the next part of a table, and tells where the part ends.
 * @returns Where to go on; `null` at the end.
 */
export async function walkParts<Table>(
  tables: readonly Table[],
  { after, limitMs }: { readonly after: DropCursor | null; readonly limitMs: number },
  work: (table: Table, after: Key | null) => Promise<Key | null>,
): Promise<DropCursor | null> {
  const endMs = performance.now() + limitMs;
  let next: DropCursor = after ?? { table: 0, key: [] };
  do {
    const table = tables[next.table];
    if (table === undefined) return null;
    const upTo = await work(table, next.key.length > 0 ? next.key : null);
    next = upTo === null ? { table: next.table + 1, key: [] } : { table: next.table, key: upTo };
  } while (performance.now() < endMs);
  return next.table < tables.length ? next : null;
}
