import type { Database } from '../../../sqlite/database.js';
import type { DayCount, RetentionCell, ValueCount } from '../../questions.js';
import type { Counts } from '../../store.js';
import { IN_SCOPE } from './scope.js';

const REPORTS = `
  SELECT day, sum(n) AS n FROM report_days
  WHERE ${IN_SCOPE} AND ci = ?2 AND day BETWEEN ?3 AND ?4
  GROUP BY day ORDER BY day`;

const REPORT_VALUES = `
  SELECT day, value, sum(n) AS n
  FROM dims CROSS JOIN report_values ON report_values.value_id = dims.id
  WHERE ${IN_SCOPE} AND dim = ?2 AND day BETWEEN ?3 AND ?4
  GROUP BY day, value ORDER BY day, value`;

// Deletions are subtracted from counts, which may leave rows with 0.
const RETENTION = `
  SELECT cohort, period, sum(n) AS n FROM retention
  WHERE ${IN_SCOPE} AND "interval" = ?2 AND cohort BETWEEN ?3 AND ?4
  GROUP BY cohort, period HAVING sum(n) <> 0 ORDER BY cohort, period`;

const DIMENSIONS = `SELECT DISTINCT dim FROM dims WHERE ${IN_SCOPE} ORDER BY dim`;

/** Prepares the questions about rollups by day. */
export function prepareHistory(
  db: Database,
): Pick<Counts, 'reports' | 'reportValues' | 'dimensions' | 'retention'> {
  const reports = db.prepare<DayCount>(REPORTS);
  const reportValues = db.prepare<ValueCount>(REPORT_VALUES);
  const retention = db.prepare<RetentionCell>(RETENTION);
  const dimensions = db.prepare<{ dim: string }>(DIMENSIONS);
  return {
    reports: ({ project, ci, from, to }) => reports.all([project, Number(ci), from, to]),
    reportValues: ({ project, dimension, from, to }) =>
      reportValues.all([project, dimension, from, to]),
    retention: ({ project, interval, from, to }) => retention.all([project, interval, from, to]),
    dimensions: ({ project }) => dimensions.all([project]).map(({ dim }) => dim),
  };
}
