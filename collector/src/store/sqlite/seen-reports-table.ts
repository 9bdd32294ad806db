import type { CountedReport } from '../../rules/counted-report.js';
import { REMEMBERED_DAYS } from '../../rules/limits.js';
import type { Database } from '../../sqlite/database.js';

/** The keys of reports already counted. Use it inside a transaction. */
export interface SeenReportsTable {
  /** Remembers a report; gives whether it was not known yet. */
  add(report: Pick<CountedReport, 'reportKey' | 'receivedDay'>): boolean;
  /**
   * Forgets keys older than is remembered. Each call removes some of their rows: those of a day
   * can be millions, which would hold up counting for seconds.
   *
   * @param reports - How many reports the batch has; rows are removed in proportion.
   */
  prune(today: number, reports: number): void;
  /** Starts anew, after a transaction that was taken back. */
  forget(): void;
}

/** Rows that a call looks at, whatever the batch. */
const LEAST_ROWS = 1000;

/** Rows that a call looks at for each report: more than there are days, so that a day is enough. */
const ROWS_PER_REPORT = 2 * REMEMBERED_DAYS;

const FIRST_KEY = Buffer.alloc(0);

/** Creates the access to the table on the writing connection. */
export function createSeenReportsTable(db: Database): SeenReportsTable {
  // A row that is too old but not removed yet is as good as none.
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
  // A clock that fell back returns, and would find the keys of the time between to be old. Each report
  // is one of these on the day of its receipt, and there are few of them.
  const newest = db.prepare<{ day: number | null }>(
    `SELECT max(day) AS day FROM quality WHERE kind IN ('accepted', 'duplicates', 'forgotten')`,
  );
  let newestDay = newest.get()?.day ?? Number.MIN_SAFE_INTEGER;
  /** The last key of the slice before; `undefined` once the day's last row was looked at. */
  let sweptTo: Buffer | undefined;

  return {
    add: ({ reportKey, receivedDay }) =>
      reportKey === null ||
      add.run([reportKey, Math.max(receivedDay, newestDay), oldestDay]).changes === 1,
    prune: (today, reports) => {
      if (today - REMEMBERED_DAYS > oldestDay) sweptTo = FIRST_KEY;
      oldestDay = today - REMEMBERED_DAYS;
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
