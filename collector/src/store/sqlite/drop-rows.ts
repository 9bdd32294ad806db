import { DAY_MS } from '../../rules/day.js';
import { dropActivity } from '../../rules/drop-activity.js';
import { firstKept, type KeptInStore } from '../../rules/kept-spans.js';
import { USUAL_DAYS } from '../../rules/unusual.js';
import type { Database } from '../../sqlite/database.js';
import type { DropCursor, Dropped, DropSlice } from '../store.js';
import type { Resolve } from '../codec/resolve.js';
import type { KeptDaysTable } from './kept-days-table.js';
import type { RecentTable } from './recent-table.js';
import type { RollupsTables } from './rollups-tables.js';
import { encodeSaid } from '../codec/said-column.js';
import { encodeOlder } from '../codec/activity-columns.js';
import { encodeRuns } from '../codec/runs-column.js';
import { fromRow, type UserRow, type UsersTable } from './users-table.js';

export interface DropParts {
  readonly db: Database;
  readonly users: UsersTable;
  readonly rollups: RollupsTables;
  readonly recent: RecentTable;
  readonly keptDays: KeptDaysTable;
  readonly resolve: Resolve;
}

/** Drops the rows of a part of a table. */
type DropPart = (
  part: { readonly after: Key | null; readonly upTo: Key | null },
  slice: DropSlice,
) => Pick<Dropped, 'rows' | 'bytes'>;

type Key = DropCursor['key'];

interface DroppedTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly drop: DropPart;
}

/** Rows of a table that are looked at in one transaction. */
const PART_ROWS = 2000;

/** Creates the operation that drops old rows, on the writing connection. */
export function createDrop(parts: DropParts): (slice: DropSlice) => Dropped {
  const { db, keptDays } = parts;
  const tables = tablesOf(parts);
  return (slice) => {
    const { what, days, today, limitMs, isDry } = slice;
    const endMs = performance.now() + limitMs;
    if (slice.after === null && !isDry && what !== 'keys' && what !== 'tombstones') {
      // In a transaction of its own, before the first row is gone.
      db.transaction(() => keptDays.note(what, days, today));
    }
    let [rows, bytes] = [0, 0];
    let next: DropCursor | null = slice.after ?? { table: 0, key: [] };
    do {
      const table: DroppedTable | undefined = tables[what][next.table];
      if (table === undefined) return { rows, bytes, next: null };
      const after: Key | null = next.key.length > 0 ? next.key : null;
      const upTo = endOfPart(db, table, after);
      const drop = () => table.drop({ after, upTo }, slice);
      const dropped = isDry ? drop() : db.transaction(drop);
      rows += dropped.rows;
      bytes += dropped.bytes;
      next = upTo === null ? { table: next.table + 1, key: [] } : { table: next.table, key: upTo };
    } while (performance.now() < endMs);
    return { rows, bytes, next: next.table < tables[what].length ? next : null };
  };
}

/** The last key of the next part of a table; `null` if the rest is no longer than a part. */
function endOfPart(db: Database, { name, key }: DroppedTable, after: Key | null): Key | null {
  const columns = key.join(', ');
  const row = db
    .prepare<Record<string, Key[number]>>(
      `SELECT ${columns} FROM ${name} ${whereKey(key, after, null)}
       ORDER BY ${columns} LIMIT 1 OFFSET ${PART_ROWS - 1}`,
    )
    .get(after ?? []);
  return row === undefined ? null : key.map((column) => row[column.replaceAll('"', '')] ?? 0);
}

/** A condition for the keys after one and up to another, which are its parameters in this order. */
function whereKey(key: readonly string[], after: Key | null, upTo: Key | null): string {
  const columns = `(${key.join(', ')})`;
  const marks = `(${key.map(() => '?').join(', ')})`;
  const conditions = [
    ...(after === null ? [] : [`${columns} > ${marks}`]),
    ...(upTo === null ? [] : [`${columns} <= ${marks}`]),
  ];
  return `WHERE ${conditions.length === 0 ? 'true' : conditions.join(' AND ')}`;
}

/** About how much room a row takes, in bytes. */
const ROW_BYTES = { seen_reports: 24, tombstones: 28, quality: 24, rollup: 12, users: 90 } as const;

/** The tables of each kind of data. */
function tablesOf(parts: DropParts): Readonly<Record<KeptInStore, readonly DroppedTable[]>> {
  const { db } = parts;
  const rowsBefore = (
    name: string,
    key: readonly string[],
    rowBytes: number,
    condition: string,
    since = firstKept,
  ): DroppedTable => ({
    name,
    key,
    drop: ({ after, upTo }, { days, today, isDry }) => {
      const where = `${whereKey(key, after, upTo)} AND ${condition} < ?`;
      const values = [...(after ?? []), ...(upTo ?? []), since(today, days)];
      const rows = isDry
        ? db.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${name} ${where}`).get(values)?.n
        : db.prepare(`DELETE FROM ${name} ${where}`).run(values).changes;
      return { rows: rows ?? 0, bytes: (rows ?? 0) * rowBytes };
    },
  });
  return {
    activity: [{ name: 'users', key: USER_KEY, drop: dropActivityOf(parts) }],
    users: [{ name: 'users', key: USER_KEY, drop: dropUsersOf(parts) }],
    rollups: [
      // The first days that can be asked for are compared with the days before them.
      rowsBefore(
        'gaps',
        ['project_id', 'ci', 'day', 'gap'],
        ROW_BYTES.rollup,
        'day',
        (today, days) => firstKept(today, days) - USUAL_DAYS,
      ),
      rowsBefore('value_gaps', ['value_id', 'day', 'gap'], ROW_BYTES.rollup, 'day'),
      rowsBefore('age_gaps', ['project_id', 'age', 'day', 'gap'], ROW_BYTES.rollup, 'day'),
      // A cohort goes as a whole, since all its rates are shares of its first period.
      rowsBefore(
        'retention',
        ['project_id', '"interval"', 'cohort', 'period'],
        ROW_BYTES.rollup,
        'cohort',
      ),
      rowsBefore('report_values', ['value_id', 'day'], ROW_BYTES.rollup, 'day'),
      rowsBefore('newest_versions', ['value_id', 'day'], ROW_BYTES.rollup, 'day'),
    ],
    quality: [rowsBefore('quality', ['project_id', 'day', 'kind'], ROW_BYTES.quality, 'day')],
    // These are kept for whole days, of which a key's own and the present one are parts.
    keys: [
      rowsBefore(
        'seen_reports',
        ['report_key'],
        ROW_BYTES.seen_reports,
        'day',
        (today, days) => today - days,
      ),
    ],
    tombstones: [
      rowsBefore(
        'tombstones',
        ['uid'],
        ROW_BYTES.tombstones,
        'deleted_at',
        (today, days) => (today - days) * DAY_MS,
      ),
    ],
  };
}

const USER_KEY = ['project_id', 'uid'] as const;

type KeyedUserRow = UserRow & { readonly project_id: bigint; readonly uid: Buffer };

/** Users whose oldest known day is before a day, or may be. */
const MAY_HAVE_OLD_DAYS =
  'first_day < ?1 AND bits <> 0 AND (older IS NOT NULL OR last_day - 63 < ?1)';

function dropActivityOf({ db, users, resolve }: DropParts): DropPart {
  return ({ after, upTo }, { days, today, isDry }) => {
    const day = firstKept(today, days);
    const found = readUsers(db, { after, upTo }, MAY_HAVE_OLD_DAYS, day);
    let [rows, bytes] = [0, 0];
    for (const { row, projectId } of found) {
      const before = fromRow(row, resolve);
      const kept = dropActivity(before, day);
      if (kept === before) continue;
      rows++;
      const sizeOf = (...columns: (Buffer | null | undefined)[]): number =>
        columns.reduce((sum, column) => sum + (column?.length ?? 0), 0);
      bytes +=
        sizeOf(row.older, row.runs, row.said) -
        sizeOf(
          encodeOlder(kept.bits),
          encodeRuns(kept.runs, kept.lastDay),
          encodeSaid(kept.said, kept.lastDay),
        );
      if (!isDry) users.write(projectId, row.uid, kept);
    }
    return { rows, bytes };
  };
}

function dropUsersOf({ db, users, rollups, recent, resolve }: DropParts): DropPart {
  return ({ after, upTo }, { days, today, isDry }) => {
    const found = readUsers(db, { after, upTo }, 'last_day < ?1', firstKept(today, days));
    for (const { row, projectId } of isDry ? [] : found) {
      rollups.userGone(projectId, fromRow(row, resolve));
      users.erase(projectId, row.uid);
      recent.erase(projectId, row.uid);
    }
    if (!isDry) rollups.write();
    return { rows: found.length, bytes: found.length * ROW_BYTES.users };
  };
}

function readUsers(
  db: Database,
  { after, upTo }: { readonly after: Key | null; readonly upTo: Key | null },
  condition: string,
  day: number,
): { readonly row: KeyedUserRow; readonly projectId: number }[] {
  const bounds = [
    ...(after === null ? [] : ['(project_id, uid) > (?2, ?3)']),
    ...(upTo === null ? [] : ['(project_id, uid) <= (?4, ?5)']),
  ];
  const rows = db
    .prepare<KeyedUserRow>(
      `SELECT * FROM users WHERE ${[...bounds, condition].join(' AND ')} ORDER BY project_id, uid`,
      { bigints: true },
    )
    .all([day, ...(after ?? (upTo === null ? [] : [null, null])), ...(upTo ?? [])]);
  return rows.map((row) => ({ row, projectId: Number(row.project_id) }));
}
