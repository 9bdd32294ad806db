import {
  ALL_DAYS,
  type CleaningFigures,
  type CleaningSelection,
  kindOfCleaning,
  NOTHING_CLEANED,
  takesWholeReports,
} from '../../../rules/cleaning.js';
import type { Database } from '../../../sqlite/database.js';
import { KEPT_HOURS } from '../../../rules/hour-cells.js';
import { REPORTS } from '../../add-change.js';

/** The counts of reports that cleanings took out. Use it inside a transaction. */
export interface CleanedCounts {
  take(cleaning: number, projectId: number, selection: CleaningSelection): void;
  giveBack(cleaning: number, projectId: number): void;
  erase(cleaning: number): void;
}

/** A value of the dictionary, and all values of the fields of an event. */
export const OF_VALUE = `
  project_id = ?1 AND (
    (dim = ?2 AND value = ?3) OR (?2 = 'event' AND substr(dim, 1, length(?3) + 7) = 'field:' || ?3 || '.')
  )`;

/** The counts of these. */
const COUNTS_OF_VALUE = `
  FROM report_values WHERE day BETWEEN ?4 AND ?5 AND value_id IN (
    SELECT id FROM dims WHERE ${OF_VALUE}
  )`;

/** What is kept of an hour besides its number. */
const HOUR_COLUMNS = ['reports', 'first_at', 'last_at', 'longest_ms'] as const;

const maxOf = (column: string): string => `max(CASE kind WHEN 'hour:${column}' THEN n END)`;

/** Creates the access to the counts on the writing connection. */
export function createCleanedCounts(db: Database): CleanedCounts {
  const into = 'INSERT INTO cleaned_counts(cleaning, kind, key, day, n) SELECT';
  const takeValue = db.prepare(`${into} ?6, 'value', value_id, day, n ${COUNTS_OF_VALUE}`);
  const takeDays = db.prepare(
    `${into} ?6, 'day', 0, day, sum(n) FROM report_values JOIN dims ON dims.id = value_id
     WHERE project_id = ?1 AND dim = ?2 AND value = ?3 AND day BETWEEN ?4 AND ?5 GROUP BY day`,
  );
  const lessDays = db.prepare(
    `UPDATE report_days SET n = n - (
       SELECT cleaned.n FROM cleaned_counts AS cleaned
       WHERE cleaning = ?2 AND kind = 'day' AND key = 0 AND cleaned.day = report_days.day
     ) WHERE project_id = ?1 AND ci = 0 AND day IN (
       SELECT day FROM cleaned_counts WHERE cleaning = ?2 AND kind = 'day' AND key = 0
     )`,
  );
  const takeTotal = db.prepare(
    `${into} ?1, 'total', '${REPORTS}', 0, sum(n) FROM cleaned_counts
     WHERE cleaning = ?1 AND kind = 'day' HAVING sum(n) > 0`,
  );
  const lessTotal = db.prepare(
    `UPDATE totals SET n = n - coalesce((
       SELECT cleaned.n FROM cleaned_counts AS cleaned WHERE cleaning = ?2 AND kind = 'total'
     ), 0) WHERE project_id = ?1 AND total = '${REPORTS}'`,
  );
  const noDays = db.prepare('DELETE FROM report_days WHERE project_id = ? AND n = 0');
  const lessValue = db.prepare(`DELETE ${COUNTS_OF_VALUE}`);
  const takeAll = [
    `${into} ?2, 'day', ci, day, n FROM report_days WHERE project_id = ?1`,
    `${into} ?2, 'total', total, 0, n FROM totals WHERE project_id = ?1 AND total = '${REPORTS}'`,
    `${into} ?2, 'quality', kind, day, n FROM quality WHERE project_id = ?1`,
    ...HOUR_COLUMNS.map(
      (column) =>
        `${into} ?2, 'hour:${column}', hour, 0, ${column} FROM hours WHERE project_id = ?1`,
    ),
    `${into} ?2, 'value', value_id, day, n FROM dims CROSS JOIN report_values ON value_id = dims.id
     WHERE project_id = ?1`,
  ].map((sql) => db.prepare(sql));
  const lessAll = [
    'DELETE FROM report_days WHERE project_id = ?1',
    `DELETE FROM totals WHERE project_id = ?1 AND total = '${REPORTS}'`,
    'DELETE FROM quality WHERE project_id = ?1',
    'DELETE FROM hours WHERE project_id = ?1',
    'DELETE FROM report_values WHERE value_id IN (SELECT id FROM dims WHERE project_id = ?1)',
  ].map((sql) => db.prepare(sql));
  const giveBack = [
    `INSERT INTO report_days(project_id, ci, day, n)
     SELECT ?2, key, day, n FROM cleaned_counts WHERE cleaning = ?1 AND kind = 'day'
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    `INSERT INTO totals(project_id, total, n)
     SELECT ?2, key, n FROM cleaned_counts WHERE cleaning = ?1 AND kind = 'total'
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    `INSERT INTO quality(project_id, day, kind, n)
     SELECT ?2, day, key, n FROM cleaned_counts WHERE cleaning = ?1 AND kind = 'quality'
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    `INSERT INTO hours(project_id, hour, ${HOUR_COLUMNS.join(', ')})
     SELECT ?2, key, ${HOUR_COLUMNS.map(maxOf).join(', ')}
     FROM cleaned_counts WHERE cleaning = ?1 AND kind GLOB 'hour:*' GROUP BY key
     ON CONFLICT DO UPDATE SET
       longest_ms = max(longest_ms, excluded.longest_ms, first_at - excluded.last_at),
       reports = reports + excluded.reports,
       first_at = min(first_at, excluded.first_at),
       last_at = max(last_at, excluded.last_at)`,
    // Reports may have come since: what is too old beside them goes, as after each report.
    `DELETE FROM hours WHERE project_id = ?2 AND hour < (
       SELECT max(hour) FROM hours WHERE project_id = ?2
       AND hour < (SELECT max(hour) FROM hours WHERE project_id = ?2) - ${KEPT_HOURS})`,
  ].map((sql) => db.prepare(sql));
  const giveBackValues = db.prepare(
    `INSERT INTO report_values(value_id, day, n)
     SELECT key, day, n FROM cleaned_counts WHERE cleaning = ?1 AND kind = 'value'
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const erase = db.prepare('DELETE FROM cleaned_counts WHERE cleaning = ?');

  return {
    take: (cleaning, projectId, selection) => {
      const { where, days } = selection;
      if (kindOfCleaning(selection) === 'project') {
        for (const statement of takeAll) statement.run([projectId, cleaning]);
        for (const statement of lessAll) statement.run([projectId]);
      }
      if (where === null || kindOfCleaning(selection) !== 'reports') return;
      const { from, to } = days ?? ALL_DAYS;
      const values = [projectId, where.dimension, where.value, from, to];
      if (takesWholeReports(where)) {
        takeDays.run([...values, cleaning]);
        lessDays.run([projectId, cleaning]);
        noDays.run([projectId]);
        takeTotal.run([cleaning]);
        lessTotal.run([projectId, cleaning]);
      }
      takeValue.run([...values, cleaning]);
      lessValue.run(values);
    },
    giveBack: (cleaning, projectId) => {
      for (const statement of giveBack) statement.run([cleaning, projectId]);
      giveBackValues.run([cleaning]);
      erase.run([cleaning]);
    },
    erase: (cleaning) => void erase.run([cleaning]),
  };
}

/** Prepares the figures of a cleaning of reports, for any connection. */
export function prepareReportFigures(
  db: Database,
): (projectId: number, selection: CleaningSelection) => CleaningFigures {
  const count = db.prepare<{ n: number | null; first: number | null; last: number | null }>(
    `SELECT sum(n) AS n, min(day) AS first, max(day) AS last
     FROM report_values JOIN dims ON dims.id = value_id
     WHERE project_id = ? AND dim = ? AND value = ? AND day BETWEEN ? AND ?`,
  );
  return (projectId, { where, days }) => {
    if (where === null) return NOTHING_CLEANED;
    const { from, to } = days ?? ALL_DAYS;
    const found = count.get([projectId, where.dimension, where.value, from, to]);
    if (!found || found.first === null || found.last === null) return NOTHING_CLEANED;
    const { n, first, last } = found;
    return { ...NOTHING_CLEANED, reports: n ?? 0, days: { from: first, to: last } };
  };
}
