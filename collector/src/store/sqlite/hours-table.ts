import {
  cellOf,
  firstKeptHour,
  type HourCell,
  joinCells,
  KEPT_HOURS,
} from '../../rules/hour-cells.js';
import type { Database } from '../../sqlite/database.js';

/**
 * When the reports of each project came, hour by hour, for 30 days back from the last. Changes are
 * gathered and written at the end of a batch. Use it inside a transaction.
 */
export interface HoursTable {
  /** A report was counted that was received at a moment, in milliseconds since 1970. */
  add(projectId: number, receivedAt: number): void;
  write(): void;
  /** Drops what it remembers after a rollback. */
  forget(): void;
}

/** Projects whose newest hour is in memory. */
const MAX_PROJECTS = 10_000;

/** A row of the table, as its columns are read. */
const HOUR_COLUMNS =
  'hour, reports, first_at AS firstAt, last_at AS lastAt, longest_ms AS longestMs';

/** Creates the access to the table on the writing connection. */
export function createHoursTable(db: Database): HoursTable {
  const find = db.prepare<HourCell>(
    `SELECT ${HOUR_COLUMNS} FROM hours WHERE project_id = ? AND hour = ?`,
  );
  const findNewest = db.prepare<{ hour: number | null }>(
    'SELECT max(hour) AS hour FROM hours WHERE project_id = ?',
  );
  const put = db.prepare(
    `INSERT OR REPLACE INTO hours(project_id, hour, reports, first_at, last_at, longest_ms)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const allHours = db.prepare<{ hour: number }>(
    'SELECT hour FROM hours WHERE project_id = ? ORDER BY hour',
  );
  const prune = db.prepare('DELETE FROM hours WHERE project_id = ? AND hour < ?');
  /** The newest hour of each project. */
  const newest = new Map<number, number>();
  const changed = new Map<number, Map<number, HourCell>>();
  /** The projects with a newer hour than before. */
  const grown = new Set<number>();

  const newestOf = (projectId: number): number => {
    let hour = newest.get(projectId);
    if (hour === undefined) {
      if (newest.size >= MAX_PROJECTS) newest.clear();
      hour = findNewest.get([projectId])?.hour ?? -Infinity;
      newest.set(projectId, hour);
    }
    return hour;
  };
  const cellsOf = (projectId: number): Map<number, HourCell> => {
    let cells = changed.get(projectId);
    if (cells === undefined) changed.set(projectId, (cells = new Map<number, HourCell>()));
    return cells;
  };
  return {
    add: (projectId, receivedAt) => {
      const one = cellOf(receivedAt);
      const { hour } = one;
      const last = newestOf(projectId);
      // The clock was set back by more than what is kept.
      if (hour < last - KEPT_HOURS) return;
      if (hour > last) {
        newest.set(projectId, hour);
        grown.add(projectId);
      }
      const cells = cellsOf(projectId);
      const before = cells.get(hour) ?? (hour > last ? undefined : find.get([projectId, hour]));
      cells.set(hour, before === undefined ? one : joinCells(before, one));
    },
    write: () => {
      for (const [projectId, cells] of changed) {
        for (const { hour, reports, firstAt, lastAt, longestMs } of cells.values()) {
          put.run([projectId, hour, reports, firstAt, lastAt, longestMs]);
        }
      }
      changed.clear();
      for (const projectId of grown) {
        const first = firstKeptHour(allHours.all([projectId]).map(({ hour }) => hour));
        if (Number.isFinite(first)) prune.run([projectId, first]);
      }
      grown.clear();
    },
    forget: () => {
      newest.clear();
      changed.clear();
      grown.clear();
    },
  };
}
