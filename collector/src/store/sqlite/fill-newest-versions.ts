import { USER_DIMENSIONS } from '../../rules/dimensions.js';
import type { Database } from '../../sqlite/database.js';
import { createGivenUpTable } from './given-up-table.js';
import { readNewestValue } from '../codec/runs-column.js';
import type { UserRow } from './users-table.js';

/** Users that are read at once. */
const PAGE = 1000;

const VERSION = USER_DIMENSIONS.indexOf('version');

interface Row extends Pick<UserRow, 'runs'> {
  readonly project_id: number;
  readonly uid: Buffer;
  readonly last_day: number;
}

/** Counts the people of an older release by their last day and the version they ran on it. */
export function fillNewestVersions(db: Database, onProgress: (share: number) => void): void {
  const total = db.prepare<{ n: number }>('SELECT count(*) AS n FROM users').get()?.n ?? 0;
  const page = db.prepare<Row>(
    `SELECT project_id, uid, last_day, runs FROM users
     WHERE (project_id, uid) > (?, ?) AND ci = 0 ORDER BY project_id, uid LIMIT ${PAGE}`,
  );
  const insert = db.prepare('INSERT INTO newest_versions(value_id, day, n) VALUES (?, ?, ?)');
  const { resolve } = createGivenUpTable(db);
  const counts = new Map<number, Map<number, number>>();
  let [project, uid]: [number, Buffer] = [-1, Buffer.alloc(0)];
  for (let done = 0; ;) {
    const rows = page.all([project, uid]);
    for (const row of rows) {
      [project, uid] = [row.project_id, row.uid];
      const { last_day: day, runs } = row;
      // Of people whose days are no longer kept, it is not known.
      if (runs.length === 0) continue;
      const found = readNewestValue(runs, 0, runs.length, VERSION);
      if (found === undefined) throw new Error('A row of users is damaged: runs has no version.');
      const valueId = resolve(found);
      const days = counts.get(valueId) ?? new Map<number, number>();
      counts.set(valueId, days.set(day, (days.get(day) ?? 0) + 1));
    }
    onProgress(Math.min(1, (done += rows.length) / Math.max(1, total)));
    if (rows.length < PAGE) break;
  }
  for (const [valueId, days] of counts) {
    for (const [day, n] of days) insert.run([valueId, day, n]);
  }
}
