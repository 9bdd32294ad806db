import { cellOf, type HourCell, joinCells, KEPT_HOURS } from '../../rules/hour-cells.js';
import type { Connection } from './connection.js';

/**
 * When the reports of each project came, hour by hour, for 30 days back from the last. Changes are
 * gathered and written at the end of a batch: nodes share the row of an hour. Use it inside a
 * transaction.
 */
export interface HoursTable {
  /** A report was counted that was received at a moment, in milliseconds since 1970. */
  add(projectId: number, receivedAt: number): void;
  write(): Promise<void>;
  /** Drops the gathered changes after a rollback. */
  forget(): void;
}

/** A row of the table, as its columns are read. */
const COLUMNS =
  'hour, reports, first_at AS "firstAt", last_at AS "lastAt", longest_ms AS "longestMs"';

const CELLS = 'unnest($1::int[], $2::int[], $3::int8[], $4::int8[], $5::int8[], $6::int8[])';

const INSERT = `
  INSERT INTO hours(project_id, hour, reports, first_at, last_at, longest_ms) SELECT * FROM ${CELLS}`;

/** What another node has added of the same hour meanwhile stays. */
const ADD = `${INSERT}
  ON CONFLICT (project_id, hour) DO UPDATE SET
    longest_ms = greatest(hours.longest_ms, excluded.longest_ms, excluded.first_at - hours.last_at),
    reports = hours.reports + excluded.reports,
    first_at = least(hours.first_at, excluded.first_at),
    last_at = greatest(hours.last_at, excluded.last_at)`;

/** For rows that were locked when they were read. */
const REPLACE = `${INSERT}
  ON CONFLICT (project_id, hour) DO UPDATE SET
    longest_ms = excluded.longest_ms, reports = excluded.reports,
    first_at = excluded.first_at, last_at = excluded.last_at`;

/** Removes hours of the project `$1` that are too old beside the last one, all but the newest of them. */
export const PRUNE_HOURS = `
  DELETE FROM hours WHERE project_id = $1 AND hour < (
    SELECT max(hour) FROM hours WHERE project_id = $1
      AND hour < (SELECT max(hour) FROM hours WHERE project_id = $1) - ${KEPT_HOURS}
  )`;

type StoredCell = HourCell & { readonly project_id: number };

/** Creates the access to the table. */
export function createHoursTable(connection: Connection): HoursTable {
  const received = new Map<number, number[]>();
  const put = async (sql: string, cells: readonly StoredCell[]): Promise<void> => {
    if (cells.length === 0) return;
    await connection.run(sql, [
      cells.map(({ project_id }) => project_id),
      cells.map(({ hour }) => hour),
      cells.map(({ reports }) => reports),
      cells.map(({ firstAt }) => firstAt),
      cells.map(({ lastAt }) => lastAt),
      cells.map(({ longestMs }) => longestMs),
    ]);
  };
  return {
    add: (projectId, receivedAt) => {
      const moments = received.get(projectId);
      if (moments) moments.push(receivedAt);
      else received.set(projectId, [receivedAt]);
    },
    write: async () => {
      if (received.size === 0) return;
      const all = [...received].sort(([a], [b]) => a - b);
      received.clear();
      const ids = all.map(([id]) => id);
      const newest = await connection.all<{ id: number; hour: number }>(
        `SELECT project_id AS id, max(hour) AS hour FROM hours WHERE project_id = ANY($1::int[])
         GROUP BY project_id`,
        [ids],
      );
      const newestOf = new Map(newest.map(({ id, hour }) => [id, hour]));
      const keys = all.flatMap(([id, moments]) =>
        [...new Set(moments.map((at) => cellOf(at).hour))].map((hour) => [id, hour] as const),
      );
      const stored = await connection.all<StoredCell>(
        `SELECT project_id, ${COLUMNS} FROM unnest($1::int[], $2::int[]) k(project_id, hour)
         JOIN hours USING (project_id, hour) ORDER BY project_id, hour FOR UPDATE OF hours`,
        [keys.map(([id]) => id), keys.map(([, hour]) => hour)],
      );
      for (const [id, moments] of all) {
        const before = newestOf.get(id) ?? -Infinity;
        const known = stored.filter(({ project_id }) => project_id === id);
        const { cells, last } = addMoments(known, moments, before);
        const isKnown = new Set(known.map(({ hour }) => hour));
        const rows = cells.map((cell) => ({ project_id: id, ...cell }));
        await put(
          REPLACE,
          rows.filter(({ hour }) => isKnown.has(hour)),
        );
        await put(
          ADD,
          rows.filter(({ hour }) => !isKnown.has(hour)),
        );
        if (last > before) await connection.run(PRUNE_HOURS, [id]);
      }
    },
    forget: () => received.clear(),
  };
}

/** The cells after some reports, in the order of the hours. */
function addMoments(
  known: readonly HourCell[],
  moments: readonly number[],
  newest: number,
): { readonly cells: HourCell[]; readonly last: number } {
  const all = new Map(known.map((cell) => [cell.hour, cell]));
  const changed = new Map<number, HourCell>();
  let last = newest;
  for (const at of moments) {
    const one = cellOf(at);
    // The clock was set back by more than what is kept.
    if (one.hour < last - KEPT_HOURS) continue;
    last = Math.max(last, one.hour);
    const before = changed.get(one.hour) ?? all.get(one.hour);
    changed.set(one.hour, before === undefined ? one : joinCells(before, one));
  }
  return { cells: [...changed.values()].sort((a, b) => a.hour - b.hour), last };
}
