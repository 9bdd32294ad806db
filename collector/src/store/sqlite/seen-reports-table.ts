import type { CountedReport } from '../../rules/counted-report.js';
import { REMEMBERED_DAYS } from '../../rules/limits.js';
import type { Database } from '../../sqlite/database.js';

/** The keys of counted reports. Use it inside a transaction. */
export interface SeenReportsTable {
  /** Remembers a report. Returns whether it is new. */
  add(report: Pick<CountedReport, 'reportKey' | 'receivedDay'>): boolean;
  /**
   * Removes expired keys. Each call removes only some rows: a day can have millions, which would
   * block counting for seconds.
   *
   * @param reports - How many reports the batch has; rows are removed in proportion.
   */
  prune(today: number, reports: number): void;
  /** Starts the sweep again after a rollback. */
  forget(): void;
}

/** Rows that each call looks at in any case. */
const LEAST_ROWS = 1000;

/** Further rows for each report: more than the remembered days, so that a sweep takes a day. */
const ROWS_PER_REPORT = 2 * REMEMBERED_DAYS;

const FIRST_KEY = Buffer.alloc(0);

/**
 * Creates the access to the table on the writing connection.
 *
 * @param rememberedDays - For how many days a key is remembered.
 */
export function createSeenReportsTable(
  db: Database,
  rememberedDays = REMEMBERED_DAYS,
): SeenReportsTable {
  // An expired row that is not removed yet counts as missing.
  const add = db.prepare(
    `INSERT INTO seen_reports(report_key, day) VALUES (?1, ?2)
     ON CONFLICT DO UPDATE SET day = excluded.day WHERE day < ?3`,
  );
  const endOfSlice = db.prepare<{ key: Buffer }>(
    `SELECT report_key AS key FROM seen_reports WHERE report_key > ?
     ORDER BY report_key LIMIT 1 OFFSET ?`,
  );
  const pruneSlice = db.prepare(
    'DELETE FROM seen_reports WHERE report_key > ? AND report_key <= ? AND day < ?',
  );
  const pruneRest = db.prepare('DELETE FROM seen_reports WHERE report_key > ? AND day < ?');
  let oldestDay = Number.MIN_SAFE_INTEGER;
  // If the clock falls back and returns, keys of the time between must not expire early. Each
  // report has one of these kinds on its day of receipt, and there are few such rows.
  const newest = db.prepare<{ day: number | null }>(
    `SELECT max(day) AS day FROM (
       SELECT day, kind FROM quality UNION ALL
       SELECT day, key FROM cleaned_counts WHERE cleaned_counts.kind = 'quality'
     ) WHERE kind IN ('accepted', 'duplicates', 'forgotten')`,
  );
  let newestDay = newest.get()?.day ?? Number.MIN_SAFE_INTEGER;
  /** The last key of the previous slice; `undefined` once the sweep of the day is finished. */
  let sweptTo: Buffer | undefined;

  return {
    add: ({ reportKey, receivedDay }) =>
      reportKey === null ||
      add.run([reportKey, Math.max(receivedDay, newestDay), oldestDay]).changes === 1,
    prune: (today, reports) => {
      if (today - rememberedDays > oldestDay) sweptTo = FIRST_KEY;
      oldestDay = today - rememberedDays;
      newestDay = Math.max(newestDay, today);
      if (sweptTo === undefined) return;
      const rows = LEAST_ROWS + ROWS_PER_REPORT * reports;
      const end = endOfSlice.get([sweptTo, rows - 1])?.key;
      if (end === undefined) pruneRest.run([sweptTo, oldestDay]);
      else pruneSlice.run([sweptTo, end, oldestDay]);
      sweptTo = end;
    },
    forget: () => {
      sweptTo = FIRST_KEY;
    },
  };
}
