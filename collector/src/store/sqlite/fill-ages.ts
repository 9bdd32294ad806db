import { ACTIVITY_DAYS } from '../../rules/activity-bits.js';
import { DAY_MS } from '../../rules/day.js';
import { firstKept } from '../../rules/kept-spans.js';
import { tallyAges } from '../../rules/tally.js';
import type { Database } from '../../sqlite/database.js';
import { firstWholeDay } from './kept-days-table.js';
import { decodeActivity } from '../codec/activity-columns.js';
import type { UserRow } from './users-table.js';

/** Users that are read at once. */
const PAGE = 1000;

type DatedRow = Pick<UserRow, 'first_day' | 'last_day' | 'bits' | 'older'> & {
  readonly project_id: bigint;
  readonly uid: Buffer;
};

/**
 * Counts the people of an older release by their ages, on the days that are kept of them, and notes
 * since when all of these days are kept.
 */
export function fillAges(db: Database, onProgress: (share: number) => void): void {
  noteFirstDay(db);
  const total = db.prepare<{ n: number }>('SELECT count(*) AS n FROM users').get()?.n ?? 0;
  const insert = db.prepare(
    'INSERT INTO age_gaps(project_id, age, day, gap, n) VALUES (?, ?, ?, ?, ?)',
  );
  const page = db.prepare<DatedRow>(
    `SELECT project_id, uid, first_day, last_day, bits, older FROM users
     WHERE (project_id, uid) > (?, ?) AND ci = 0 ORDER BY project_id, uid LIMIT ${PAGE}`,
    { bigints: true },
  );
  const counts = new Map<string, { readonly row: readonly number[]; n: number }>();
  const write = (project: bigint): void => {
    for (const { row, n } of counts.values()) insert.run([project, ...row, n]);
    counts.clear();
  };
  let [project, uid]: [bigint, Buffer] = [-1n, Buffer.alloc(0)];
  for (let done = 0; ;) {
    const rows = page.all([project, uid]);
    for (const row of rows) {
      if (row.project_id !== project) write(project);
      [project, uid] = [row.project_id, row.uid];
      const [firstDay, lastDay] = [Number(row.first_day), Number(row.last_day)];
      tallyAges({ firstDay, lastDay, bits: decodeActivity(row) }, (...key) => {
        const name = key.join(' ');
        const count = counts.get(name);
        if (count) count.n++;
        else counts.set(name, { row: key, n: 1 });
      });
    }
    onProgress(Math.min(1, (done += rows.length) / Math.max(1, total)));
    if (rows.length < PAGE) break;
  }
  write(project);
}

/** Days of activity that were kept before schema 3. */
const DAYS_V2 = 64;

/** The first day, numbered since 1970, of which the days of all people are kept. */
function noteFirstDay(db: Database): void {
  const last = db
    .prepare<{ day: number | null }>('SELECT max(last_day) AS day FROM users')
    .get()?.day;
  if (last === null || last === undefined) return;
  const rollups = db
    .prepare<{ at: number }>(
      `SELECT applied_at AS at FROM schema_migrations WHERE version = 3
         AND applied_at > (SELECT min(applied_at) FROM schema_migrations)`,
    )
    .get();
  // East of Greenwich, people were already active on the next day.
  const firstOfV2 =
    rollups === undefined ? -Infinity : Math.floor(rollups.at / DAY_MS) + 1 - DAYS_V2 + 1;
  const first = Math.max(
    firstKept(last, ACTIVITY_DAYS),
    firstWholeDay(db, 'activity'),
    firstWholeDay(db, 'users'),
    firstOfV2,
  );
  db.prepare(`INSERT OR REPLACE INTO about(name, value) VALUES ('ages', ?)`).run([String(first)]);
}

/** Prepares the question since which day the ages of all people are counted, numbered since 1970. */
export function prepareAgesSince(db: Database): () => number | null {
  const find = db.prepare<{ value: string }>(`SELECT value FROM about WHERE name = 'ages'`);
  return () => {
    const found = find.get();
    return found === undefined ? null : Number(found.value);
  };
}
