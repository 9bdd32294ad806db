import { firstWhole, type KeptInStore, type SpanOfRuns } from '../../rules/kept-spans.js';
import type { Database } from '../../sqlite/database.js';
import type { KeptSpan } from '../questions.js';

/** What was kept for how long, so that no answer claims more. Use it inside a transaction. */
export interface KeptDaysTable {
  /** Notes a run before it drops anything. */
  note(what: KeptInStore, days: number, today: number): void;
}

/** Creates the access to the table on the writing connection. */
export function createKeptDaysTable(db: Database): KeptDaysTable {
  const newest = db.prepare<SpanOfRuns>(
    `SELECT first_run AS firstRun, last_run AS lastRun, days FROM kept_days
     WHERE what = ? ORDER BY first_run DESC LIMIT 1`,
  );
  const extend = db.prepare(
    'UPDATE kept_days SET last_run = max(last_run, ?3) WHERE what = ?1 AND first_run = ?2',
  );
  // Of two times on one day, the shorter one has dropped more.
  const begin = db.prepare(
    `INSERT INTO kept_days(what, first_run, last_run, days) VALUES (?1, ?2, ?2, ?3)
     ON CONFLICT DO UPDATE SET days = min(days, excluded.days), last_run = max(last_run, ?2)`,
  );
  return {
    note: (what, days, today) => {
      const span = newest.get([what]);
      if (span?.days === days) extend.run([what, span.firstRun, today]);
      else begin.run([what, today, days]);
    },
  };
}

/** Prepares the question about what was kept for how long. */
export function prepareKeptSpans(db: Database): () => KeptSpan[] {
  const all = db.prepare<KeptSpan>(
    `SELECT what, first_run AS firstRun, last_run AS lastRun, days FROM kept_days
     ORDER BY what, first_run`,
  );
  return () => all.all();
}

/** The first day of which nothing of a kind was dropped by now; `-Infinity` if nothing ever was. */
export const firstWholeDay = (db: Database, what: KeptInStore): number =>
  firstWhole(
    prepareKeptSpans(db)().filter((span) => span.what === what),
    Infinity,
  );
