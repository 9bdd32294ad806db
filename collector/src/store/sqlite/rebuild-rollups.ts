import { ACTIVITY_DAYS } from '../../rules/activity-bits.js';
import { certaintyOf } from '../../rules/band.js';
import { UNKNOWN, USER_DIMENSIONS } from '../../rules/dimensions.js';
import { firstKept } from '../../rules/kept-spans.js';
import { NEVER_BEFORE, VALUE_WINDOW_DAYS } from '../../rules/tally.js';
import type { UserState } from '../../rules/user-state.js';
import type { Database } from '../../sqlite/database.js';
import { createDictionary } from './dictionary.js';
import { createGivenUpTable } from './given-up-table.js';
import { firstWholeDay } from './kept-days-table.js';
import { REPORTS } from '../add-change.js';
import { createRollupsTables } from './rollups-tables.js';
import { encodeRuns } from '../codec/runs-column.js';
import { fromRow, type UserRow } from './users-table.js';

/**
 * Rebuilds the rollups from the users, as far back as their days are kept. What depends on earlier
 * days cannot be rebuilt and stays, as do counts of reports. Use it inside a transaction.
 *
 * @param from - The first day of which all activity is kept.
 * @param hasAll - Whether all tables are there; see {@link createRollupsTables}.
 */
export function rebuildRollups(
  db: Database,
  onRead?: (users: number) => void,
  from = firstKnownDay(db),
  hasAll = true,
): void {
  const first = Math.max(from, FIRST_DAY);
  // Of a cohort that was dropped as a whole, no part comes back.
  const firstCohort =
    from === -Infinity ? FIRST_DAY : Math.max(firstWholeDay(db, 'rollups'), FIRST_DAY);
  const sums = from === -Infinity ? [] : readSums(db);
  db.prepare('DELETE FROM totals WHERE total <> ?').run([REPORTS]);
  db.exec('DELETE FROM latest');
  // The conditions are those of `isRebuilt`.
  db.prepare('DELETE FROM gaps WHERE day >= ?1 AND (gap = ?2 OR day - gap >= ?1)').run([
    first,
    NEVER_BEFORE,
  ]);
  for (const table of ['value_gaps', ...(hasAll ? ['age_gaps'] : [])]) {
    db.prepare(
      `DELETE FROM ${table}
       WHERE gap = ?2 AND day >= ?1 + ?3 OR gap <> ?2 AND day - gap >= ?1`,
    ).run([first, NEVER_BEFORE, VALUE_WINDOW_DAYS]);
  }
  if (hasAll) db.prepare('DELETE FROM newest_versions WHERE day >= ?').run([first]);
  db.prepare('DELETE FROM retention WHERE period >= ? AND cohort >= ?').run([first, firstCohort]);
  const rollups = createRollupsTables(db, hasAll);
  let n = 0;
  for (const { projectId, state } of readUsers(db, onRead)) {
    rollups.rebuildUser(projectId, state, { first, firstCohort });
    if (++n % 1000 === 0) rollups.write();
  }
  rollups.write();
  writeSums(db, sums);
}

/** Before every day that can be counted. */
const FIRST_DAY = -1e6;

/** The first day of which all activity is kept: a user's row has so many days. */
function firstKnownDay(db: Database): number {
  const { day = null } =
    db.prepare<{ day: number | null }>('SELECT max(last_day) AS day FROM users').get() ?? {};
  return Math.max(
    firstWholeDay(db, 'activity'),
    day === null ? -Infinity : firstKept(day, ACTIVITY_DAYS),
  );
}

interface Sum {
  readonly project_id: number;
  readonly total: string;
  readonly n: number;
}

/** Totals that users who are no longer kept have a part in. */
const readSums = (db: Database): Sum[] =>
  firstWholeDay(db, 'users') === -Infinity
    ? []
    : db.prepare<Sum>(`SELECT * FROM totals WHERE total IN ('lost', 'lost_cut')`).all();

function writeSums(db: Database, sums: readonly Sum[]): void {
  const write = db.prepare('INSERT OR REPLACE INTO totals(project_id, total, n) VALUES (?, ?, ?)');
  for (const { project_id, total, n } of sums) write.run([project_id, total, n]);
}

/** Passes over all users. */
const PASSES = 2;

/**
 * Migrates users of releases that kept only the newest system and version: these become the values
 * of all their days. Then it rebuilds the rollups.
 */
export function fillUsers(db: Database, onProgress: (share: number) => void): void {
  const total = db.prepare<{ n: number }>('SELECT count(*) AS n FROM users').get()?.n ?? 0;
  const tell = (passes: number) => (done: number) =>
    onProgress((passes + done / Math.max(1, total)) / PASSES);
  const dictionary = createDictionary(db);
  const writeRuns = db.prepare('UPDATE users SET runs = ? WHERE project_id = ? AND uid = ?');
  for (const { projectId, uid, state } of readUsers(db, tell(0))) {
    const values = USER_DIMENSIONS.map((name) => {
      if (name === 'os' || name === 'version') return state[name];
      const value = name === 'certainty' ? certaintyOf(state) : UNKNOWN;
      return dictionary.valueId(projectId, name, value);
    });
    const { lastDay } = state;
    writeRuns.run([encodeRuns([{ lastDay, values }], lastDay), projectId, uid]);
  }
  // Later migrations create the other tables and fill them.
  rebuildRollups(db, tell(1), -Infinity, false);
  db.prepare(
    `INSERT OR REPLACE INTO totals(project_id, total, n)
     SELECT project_id, ?, sum(reports) FROM users GROUP BY project_id`,
  ).run([REPORTS]);
}

/** A user and its key. */
export interface ReadUser {
  readonly projectId: number;
  readonly uid: Buffer;
  readonly state: UserState<number>;
}

const PAGE = 1000;

/**
 * Reads all users, page by page. Users that were read may be written meanwhile.
 *
 * @param onRead - Called after each page with the number of users read so far.
 */
function* readUsers(
  db: Database,
  onRead: (users: number) => void = () => undefined,
): Generator<ReadUser> {
  const { resolve } = createGivenUpTable(db);
  const page = db.prepare<UserRow & { readonly project_id: bigint; readonly uid: Buffer }>(
    `SELECT * FROM users WHERE (project_id, uid) > (?, ?) ORDER BY project_id, uid LIMIT ${PAGE}`,
    { bigints: true },
  );
  let [project, uid]: [bigint, Buffer] = [-1n, Buffer.alloc(0)];
  let read = 0;
  for (;;) {
    const rows = page.all([project, uid]);
    for (const row of rows) {
      [project, uid] = [row.project_id, row.uid];
      yield { projectId: Number(project), uid, state: fromRow(row, resolve) };
    }
    onRead((read += rows.length));
    if (rows.length < PAGE) return;
  }
}
