import { DAY_MS } from '../../rules/day.js';
import { dropActivity } from '../../rules/drop-activity.js';
import { firstKept, type KeptInStore } from '../../rules/kept-spans.js';
import { USUAL_DAYS } from '../../rules/unusual.js';
import type { UserState } from '../../rules/user-state.js';
import { encodeOlder } from '../codec/activity-columns.js';
import { encodeRuns } from '../codec/runs-column.js';
import { encodeSaid } from '../codec/said-column.js';
import type { Dropped, DropSlice } from '../store.js';
import { fromUuid } from './connection.js';
import type { Dictionary } from './dictionary.js';
import { noteKeptDays } from './kept-days-table.js';
import type { RecentTable } from './recent-table.js';
import { keyOfRollup, type Rollup, type RollupsTables } from './rollups-tables.js';
import {
  endOfPart,
  type Part,
  valuesOf,
  type WalkedTable,
  walkParts,
  whereKey,
} from './table-parts.js';
import { type UserKey, type UserRow, type UsersTable } from './users-table.js';
import type { WritingConnection } from './writing-connection.js';

export interface DropParts extends Pick<WritingConnection, 'connection' | 'transaction'> {
  /** Lets other nodes count meanwhile, but for what needs to be alone. */
  readonly enter: () => Promise<void>;
  readonly dictionary: Dictionary;
  readonly users: UsersTable;
  readonly rollups: RollupsTables;
  readonly recent: RecentTable;
}

type DroppedPart = Pick<Part, 'upTo'> & Pick<Dropped, 'rows' | 'bytes'>;

interface DroppedTable extends WalkedTable {
  /** Drops the rows of a part of the table. */
  readonly drop: (part: Part, slice: DropSlice) => Promise<Pick<Dropped, 'rows' | 'bytes'>>;
}

/** Creates the operation that drops old rows. */
export function createDrop(parts: DropParts): (slice: DropSlice) => Promise<Dropped> {
  const { connection, transaction, enter } = parts;
  const tables = tablesOf(parts);
  return async (slice) => {
    const { what, days, today, isDry } = slice;
    if (slice.after === null && !isDry && what !== 'keys' && what !== 'tombstones') {
      // In a transaction of its own, before the first row is gone.
      await transaction(() => noteKeptDays(connection, what, { today, days }));
    }
    let [rows, bytes] = [0, 0];
    const next = await walkParts(tables[what], slice, async (table, after) => {
      const part: DroppedPart = await transaction(async () => {
        await enter();
        const upTo = await endOfPart(connection, table, after);
        return { upTo, ...(await table.drop({ after, upTo }, slice)) };
      });
      rows += part.rows;
      bytes += part.bytes;
      return part.upTo;
    });
    return { rows, bytes, next };
  };
}

/** About how much room a row takes, with its part of an index, in bytes. */
const ROW_BYTES = { keys: 84, tombstones: 84, rollup: 80, users: 202 } as const;

interface OldRows {
  readonly name: string;
  readonly key: readonly string[];
  readonly rowBytes: number;
  /** The column with the day, or the moment. */
  readonly column: string;
  /** The first that is kept. */
  readonly since?: (today: number, days: number) => number;
}

/** The tables of each kind of data. */
function tablesOf(parts: DropParts): Readonly<Record<KeptInStore, readonly DroppedTable[]>> {
  const { connection } = parts;
  const rowsBefore = ({
    name,
    key,
    rowBytes,
    column,
    since = firstKept,
  }: OldRows): DroppedTable => ({
    ...{ name, key },
    drop: async (part, { days, today, isDry }) => {
      const values = [...valuesOf(part), since(today, days)];
      const where = `${whereKey(key, part)} AND ${column} < $${values.length}`;
      const rows = isDry
        ? ((
            await connection.get<{ n: number }>(
              `SELECT count(*) AS n FROM ${name} WHERE ${where}`,
              values,
            )
          )?.n ?? 0)
        : await connection.run(`DELETE FROM ${name} WHERE ${where}`, values);
      return { rows, bytes: rows * rowBytes };
    },
  });
  const rollup = (name: Rollup, column = 'day', since = firstKept): DroppedTable =>
    rowsBefore({
      ...{ name, column, since, rowBytes: ROW_BYTES.rollup },
      key: [...keyOfRollup(name), 'lane'],
    });
  return {
    activity: [{ name: 'users', key: USER_KEY, drop: dropActivityOf(parts) }],
    users: [{ name: 'users', key: USER_KEY, drop: dropUsersOf(parts) }],
    rollups: [
      // The first days that can be asked for are compared with the days before them.
      rollup('gaps', 'day', (today, days) => firstKept(today, days) - USUAL_DAYS),
      rollup('value_gaps'),
      rollup('age_gaps'),
      // A cohort goes as a whole, since all its rates are shares of its first period.
      rollup('retention', 'cohort'),
      rollup('report_values'),
      rollup('newest_versions'),
    ],
    quality: [rollup('quality')],
    // These are kept for whole days, of which a key's own and the present one are parts.
    keys: [
      rowsBefore({
        ...{ name: 'seen_reports', key: ['key'], rowBytes: ROW_BYTES.keys, column: 'day' },
        since: (today, days) => today - days,
      }),
    ],
    tombstones: [
      rowsBefore({
        ...{ name: 'tombstones', key: ['uid'], rowBytes: ROW_BYTES.tombstones },
        column: 'deleted_at',
        since: (today, days) => (today - days) * DAY_MS,
      }),
    ],
  };
}

const USER_KEY = ['project_id', 'uid'] as const;

/** Users whose oldest known day is before a day, or may be. */
const mayHaveOldDays = (mark: string): string =>
  `first_day < ${mark} AND bits <> 0 AND (older IS NOT NULL OR last_day - 63 < ${mark})`;

function dropActivityOf(parts: DropParts): DroppedTable['drop'] {
  return async (part, { days, today, isDry }) => {
    const day = firstKept(today, days);
    const found = await loadUsers(parts, part, mayHaveOldDays, day);
    let [rows, bytes] = [0, 0];
    for (const { projectId, uid } of found) {
      const before = parts.users.find(projectId, uid);
      const kept = before && dropActivity(before, day);
      if (before === undefined || kept === undefined || kept === before) continue;
      rows++;
      bytes += sizeOf(before) - sizeOf(kept);
      if (!isDry) parts.users.write(projectId, uid, kept);
    }
    await parts.users.flush();
    return { rows, bytes };
  };
}

const sizeOf = ({ bits, runs, said, lastDay }: UserState<number>): number =>
  (encodeOlder(bits)?.length ?? 0) +
  encodeRuns(runs, lastDay).length +
  encodeSaid(said, lastDay).length;

function dropUsersOf(parts: DropParts): DroppedTable['drop'] {
  const { users, rollups, recent } = parts;
  return async (part, { days, today, isDry }) => {
    const found = await loadUsers(
      parts,
      part,
      (mark) => `last_day < ${mark}`,
      firstKept(today, days),
    );
    if (isDry) return { rows: found.length, bytes: found.length * ROW_BYTES.users };
    for (const { projectId, uid } of found) {
      const user = users.find(projectId, uid);
      if (user === undefined) continue;
      rollups.userGone(projectId, user);
      users.erase(projectId, uid);
    }
    await users.flush();
    for (const { projectId, uid } of found) await recent.erase(projectId, uid);
    await rollups.write();
    return { rows: found.length, bytes: found.length * ROW_BYTES.users };
  };
}

/** Loads the users of a part for whom a condition holds, with all that their rows need. */
async function loadUsers(
  { connection, dictionary, users }: DropParts,
  part: Part,
  condition: (mark: string) => string,
  day: number,
): Promise<UserKey[]> {
  const values = [...valuesOf(part), day];
  const rows = await connection.all<Pick<UserRow, 'project_id' | 'uid'> & { slug: string }>(
    `SELECT project_id, uid, slug FROM users JOIN projects ON projects.id = project_id
     WHERE ${whereKey(USER_KEY, part)} AND ${condition(`$${values.length}`)}
     ORDER BY project_id, uid`,
    values,
  );
  await dictionary.loadProjects([...new Set(rows.map(({ slug }) => slug))]);
  await dictionary.loadResolvers(rows.map(({ project_id }) => project_id));
  const keys = rows.map(({ project_id, uid }) => ({ projectId: project_id, uid: fromUuid(uid) }));
  await users.load(keys);
  return keys;
}
