import type { CountedReport } from '../../counting/counted-report.js';
import type { Database } from '../../sqlite/database.js';
import { REMEMBERED_DAYS } from '../store.js';

/** The keys of reports already counted. Use it inside a transaction. */
export interface SeenReportsTable {
  /** Remembers a report; gives whether it was not known yet. */
  add(report: CountedReport): boolean;
  /** Forgets keys older than is remembered; does so once a day only. */
  prune(today: number): void;
}

/** Creates the access to the table on the writing connection. */
export function createSeenReportsTable(db: Database): SeenReportsTable {
  const insert = db.prepare('INSERT OR IGNORE INTO seen_reports(report_key, day) VALUES (?, ?)');
  const prune = db.prepare('DELETE FROM seen_reports WHERE day < ?');
  let prunedOn = -Infinity;

  return {
    add: ({ reportKey, receivedDay }) =>
      reportKey === null || insert.run([reportKey, receivedDay]).changes === 1,
    prune: (today) => {
      if (today <= prunedOn) return;
      prune.run([today - REMEMBERED_DAYS]);
      prunedOn = today;
    },
  };
}
