import {
  ALL_DAYS,
  type CleaningFigures,
  type CleaningSelection,
  kindOfCleaning,
  NOTHING_CLEANED,
  takesWholeReports,
} from '../../../rules/cleaning.js';
import { REPORTS } from '../../add-change.js';
import type { Connection } from '../connection.js';
import { FOLDED_LANE } from '../fold-lanes.js';
import { PRUNE_HOURS } from '../hours-table.js';

/** The counts of reports that cleanings took out. Use it inside a transaction. */
export interface CleanedCounts {
  take(cleaning: number, projectId: number, selection: CleaningSelection): Promise<void>;
  giveBack(cleaning: number, projectId: number): Promise<void>;
  erase(cleaning: number): Promise<void>;
}

/** A value of the dictionary, and all values of the fields of an event. */
export const OF_VALUE = `
  project_id = $1 AND (
    (dim = $2 AND value = $3) OR ($2 = 'event' AND starts_with(dim, 'field:' || $3 || '.'))
  )`;

/** The counts of these. */
const COUNTS_OF_VALUE = `
  FROM report_values WHERE project_id = $1 AND day BETWEEN $4 AND $5 AND value_id IN (
    SELECT value_id FROM dims WHERE ${OF_VALUE}
  )`;

/** What is kept of an hour besides its number. */
const HOUR_COLUMNS = ['reports', 'first_at', 'last_at', 'longest_ms'] as const;

const maxOf = (column: string): string => `max(n) FILTER (WHERE kind = 'hour:${column}')`;

const INTO = 'INSERT INTO cleaned_counts(cleaning, kind, key, day, n) SELECT';

const TAKE_VALUE = `
  ${INTO} $6::int, 'value', value_id::text, day, sum(n) ${COUNTS_OF_VALUE} GROUP BY value_id, day`;
const TAKE_DAYS = `
  ${INTO} $6::int, 'day', '0', day, sum(n) FROM report_values JOIN dims USING (project_id, value_id)
  WHERE project_id = $1 AND dim = $2 AND value = $3 AND day BETWEEN $4 AND $5 GROUP BY day`;
const LESS_DAYS = `
  INSERT INTO report_days(project_id, ci, day, lane, n)
  SELECT $1::int, 0, day, ${FOLDED_LANE}, -n FROM cleaned_counts
  WHERE cleaning = $2 AND kind = 'day' AND key = '0'
  ON CONFLICT (project_id, ci, day, lane) DO UPDATE SET n = report_days.n + excluded.n`;
const TAKE_TOTAL = `
  ${INTO} $1::int, 'total', '${REPORTS}', 0, sum(n) FROM cleaned_counts
  WHERE cleaning = $1 AND kind = 'day' HAVING sum(n) > 0`;
const LESS_TOTAL = `
  INSERT INTO totals(project_id, total, lane, n)
  SELECT $1::int, '${REPORTS}', ${FOLDED_LANE}, -n FROM cleaned_counts
  WHERE cleaning = $2 AND kind = 'total'
  ON CONFLICT (project_id, total, lane) DO UPDATE SET n = totals.n + excluded.n`;
const LESS_VALUE = `DELETE ${COUNTS_OF_VALUE}`;

const TAKE_ALL = [
  `${INTO} $2::int, 'day', ci::text, day, sum(n) FROM report_days
   WHERE project_id = $1 GROUP BY ci, day HAVING sum(n) <> 0`,
  `${INTO} $2::int, 'total', total, 0, sum(n) FROM totals
   WHERE project_id = $1 AND total = '${REPORTS}' GROUP BY total`,
  `${INTO} $2::int, 'quality', kind, day, sum(n) FROM quality
   WHERE project_id = $1 GROUP BY kind, day`,
  ...HOUR_COLUMNS.map(
    (column) =>
      `${INTO} $2::int, 'hour:${column}', hour::text, 0, ${column} FROM hours WHERE project_id = $1`,
  ),
  `${INTO} $2::int, 'value', value_id::text, day, sum(n) FROM report_values
   WHERE project_id = $1 GROUP BY value_id, day`,
];
const LESS_ALL = [
  'DELETE FROM report_days WHERE project_id = $1',
  `DELETE FROM totals WHERE project_id = $1 AND total = '${REPORTS}'`,
  'DELETE FROM quality WHERE project_id = $1',
  'DELETE FROM hours WHERE project_id = $1',
  'DELETE FROM report_values WHERE project_id = $1',
];

const giveBackTo = (table: string, columns: string, values: string, kind: string): string => `
  INSERT INTO ${table}(project_id, ${columns}, lane, n)
  SELECT $2::int, ${values}, ${FOLDED_LANE}, n FROM cleaned_counts WHERE cleaning = $1 AND kind = '${kind}'
  ON CONFLICT (project_id, ${columns}, lane) DO UPDATE SET n = ${table}.n + excluded.n`;

const GIVE_BACK = [
  giveBackTo('report_days', 'ci, day', 'key::int2, day', 'day'),
  giveBackTo('totals', 'total', 'key', 'total'),
  giveBackTo('quality', 'day, kind', 'day, key', 'quality'),
  giveBackTo('report_values', 'value_id, day', 'key::int, day', 'value'),
  `INSERT INTO hours(project_id, hour, ${HOUR_COLUMNS.join(', ')})
   SELECT $2::int, key::int, ${HOUR_COLUMNS.map(maxOf).join(', ')}
   FROM cleaned_counts WHERE cleaning = $1 AND starts_with(kind, 'hour:') GROUP BY key
   ON CONFLICT (project_id, hour) DO UPDATE SET
     longest_ms =
       greatest(hours.longest_ms, excluded.longest_ms, hours.first_at - excluded.last_at),
     reports = hours.reports + excluded.reports,
     first_at = least(hours.first_at, excluded.first_at),
     last_at = greatest(hours.last_at, excluded.last_at)`,
];

/** Creates the access to the counts. No other node may count meanwhile. */
export function createCleanedCounts(connection: Connection): CleanedCounts {
  const erase = async (cleaning: number): Promise<void> => {
    await connection.run('DELETE FROM cleaned_counts WHERE cleaning = $1', [cleaning]);
  };
  return {
    take: async (cleaning, projectId, selection) => {
      const { where, days } = selection;
      if (kindOfCleaning(selection) === 'project') {
        for (const sql of TAKE_ALL) await connection.run(sql, [projectId, cleaning]);
        for (const sql of LESS_ALL) await connection.run(sql, [projectId]);
      }
      if (where === null || kindOfCleaning(selection) !== 'reports') return;
      const { from, to } = days ?? ALL_DAYS;
      const values = [projectId, where.dimension, where.value, from, to];
      if (takesWholeReports(where)) {
        await connection.run(TAKE_DAYS, [...values, cleaning]);
        await connection.run(LESS_DAYS, [projectId, cleaning]);
        await connection.run(TAKE_TOTAL, [cleaning]);
        await connection.run(LESS_TOTAL, [projectId, cleaning]);
      }
      await connection.run(TAKE_VALUE, [...values, cleaning]);
      await connection.run(LESS_VALUE, values);
    },
    giveBack: async (cleaning, projectId) => {
      for (const sql of GIVE_BACK) await connection.run(sql, [cleaning, projectId]);
      // Reports may have come since: what is too old beside them goes, as after each report.
      await connection.run(PRUNE_HOURS, [projectId]);
      await erase(cleaning);
    },
    erase,
  };
}

/** The figures of a cleaning of reports. */
export async function findReportFigures(
  connection: Connection,
  projectId: number,
  { where, days }: CleaningSelection,
): Promise<CleaningFigures> {
  if (where === null) return NOTHING_CLEANED;
  const { from, to } = days ?? ALL_DAYS;
  const found = await connection.get<{
    n: number | null;
    first: number | null;
    last: number | null;
  }>(
    `SELECT sum(n) AS n, min(day) AS first, max(day) AS last
     FROM report_values JOIN dims USING (project_id, value_id)
     WHERE project_id = $1 AND dim = $2 AND value = $3 AND day BETWEEN $4 AND $5`,
    [projectId, where.dimension, where.value, from, to],
  );
  if (!found || found.first === null || found.last === null) return NOTHING_CLEANED;
  const { n, first, last } = found;
  return { ...NOTHING_CLEANED, reports: n ?? 0, days: { from: first, to: last } };
}
