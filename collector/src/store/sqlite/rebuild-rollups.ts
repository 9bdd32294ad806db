import { certaintyOf } from '../../rules/band.js';
import { UNKNOWN, USER_DIMENSIONS } from '../../rules/dimensions.js';
import type { UserState } from '../../rules/user-state.js';
import type { Database } from '../../sqlite/database.js';
import { createDictionary } from './dictionary.js';
import { createGivenUpTable } from './given-up-table.js';
import { createRollupsTables, REPORTS } from './rollups-tables.js';
import { encodeRuns, fromRow, type UserRow } from './users-table.js';

/**
 * Rebuilds the rollups from the users, as far back as their days are kept. Counts of reports cannot
 * be rebuilt and stay. Use it inside a transaction.
 */
export function rebuildRollups(db: Database, onRead?: (users: number) => void): void {
  for (const table of ['latest', 'gaps', 'value_gaps', 'retention'])
    db.exec(`DELETE FROM ${table}`);
  db.prepare('DELETE FROM totals WHERE total <> ?').run([REPORTS]);
  const rollups = createRollupsTables(db);
  let n = 0;
  for (const { projectId, state } of readUsers(db, onRead)) {
    rollups.user(projectId, undefined, state);
    if (++n % 1000 === 0) rollups.write();
  }
  rollups.write();
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
  rebuildRollups(db, tell(1));
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
