import type { CountedReport } from '../../rules/counted-report.js';
import { REMEMBERED_DAYS } from '../../rules/limits.js';
import { type Connection, toUuid } from './connection.js';

/** The keys of counted reports, of all nodes. Use it inside a transaction. */
export interface SeenReportsTable {
  /**
   * Remembers reports. A transaction of another node with one of them is waited for.
   *
   * @param newestDay - The newest day of receipt before these; `-Infinity` for none.
   * @returns The places of those that are new.
   */
  add(
    reports: readonly Pick<CountedReport, 'reportKey' | 'receivedDay'>[],
    newestDay: number,
  ): Promise<ReadonlySet<number>>;
  /**
   * Removes some of the expired keys: a day can have millions, which would block counting for
   * seconds.
   *
   * @param reports - How many reports the batch has; rows are removed in proportion.
   */
  prune(today: number, reports: number): Promise<void>;
  /** Starts the sweep again after a rollback. */
  forget(): void;
}

/** Rows that each call looks at in any case. */
const LEAST_ROWS = 1000;

/** Further rows for each report: more than the remembered days, so that a sweep takes a day. */
const ROWS_PER_REPORT = 2 * REMEMBERED_DAYS;

/** Rows that fit into a page of the table. */
const ROWS_PER_PAGE = 157;

/** Before every day that a report can have. */
const NO_DAY = -1e9;

// An expired row that is not removed yet counts as missing.
const ADD = `
  INSERT INTO seen_reports(key, day) SELECT * FROM unnest($1::uuid[], $2::int[])
  ON CONFLICT (key) DO UPDATE SET day = excluded.day WHERE seen_reports.day < $3
  RETURNING key`;
// In the order of the disk: in that of the keys, each row would be on another page.
const PRUNE = `
  WITH gone AS (
    DELETE FROM seen_reports WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM seen_reports WHERE ctid >= $1::tid AND ctid < $2::tid AND day < $3
      FOR UPDATE SKIP LOCKED
    ))
  )
  SELECT pg_relation_size('seen_reports') / current_setting('block_size')::int AS pages`;

/**
 * Creates the access to the table.
 *
 * @param rememberedDays - For how many days a key is remembered.
 */
export function createSeenReportsTable(
  connection: Connection,
  rememberedDays = REMEMBERED_DAYS,
): SeenReportsTable {
  let oldestDay = NO_DAY;
  /** The first page of the next slice; `undefined` once the sweep of the day is finished. */
  let nextPage: number | undefined;

  return {
    add: async (reports, newestDay) => {
      const fresh = new Set<number>();
      const keyed = new Map<string, { readonly at: number; readonly day: number }>();
      for (const [at, { reportKey, receivedDay }] of reports.entries()) {
        const key = reportKey === null ? undefined : toUuid(reportKey);
        if (key === undefined) fresh.add(at);
        // Of a report that comes twice in a batch, the first counts.
        else if (!keyed.has(key)) keyed.set(key, { at, day: Math.max(receivedDay, newestDay) });
      }
      // In the order of the keys, so that no two nodes wait for each other.
      const sorted = [...keyed].sort(([a], [b]) => (a < b ? -1 : 1));
      if (sorted.length === 0) return fresh;
      const added = await connection.all<{ key: string }>(ADD, [
        sorted.map(([key]) => key),
        sorted.map(([, { day }]) => day),
        oldestDay,
      ]);
      for (const { key } of added) {
        const found = keyed.get(key);
        if (found) fresh.add(found.at);
      }
      return fresh;
    },
    prune: async (today, reports) => {
      if (today - rememberedDays > oldestDay) nextPage = 0;
      oldestDay = today - rememberedDays;
      if (nextPage === undefined) return;
      const rows = LEAST_ROWS + ROWS_PER_REPORT * reports;
      const end = nextPage + Math.ceil(rows / ROWS_PER_PAGE);
      const table = await connection.get<{ pages: number }>(PRUNE, [
        `(${nextPage},0)`,
        `(${end},0)`,
        oldestDay,
      ]);
      nextPage = table === undefined || end >= table.pages ? undefined : end;
    },
    forget: () => {
      nextPage = 0;
    },
  };
}
