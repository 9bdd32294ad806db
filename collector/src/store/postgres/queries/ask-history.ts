import type { QualityKind } from '../../../rules/counted-report.js';
import { EVENT_DIMENSION } from '../../../rules/dimensions.js';
import { NO_PROJECT } from '../../no-project.js';
import {
  type DayCount,
  type RetentionCell,
  type SayingDay,
  TooCostlyError,
  type ValueCount,
} from '../../questions.js';
import type { Ask } from './ask.js';
import { IN_SCOPE } from './scope.js';

/** Beyond every day that a date can have. */
const MAX_DAY = 1e9;

/** Reports, in the order of the days. */
export const askReports: Ask<'reports'> = (connection, { project, ci, from, to }) =>
  connection.all<DayCount>(
    `SELECT day, sum(n) AS n FROM report_days
     WHERE ${IN_SCOPE} AND ci = $2 AND day BETWEEN $3 AND $4
     GROUP BY day HAVING sum(n) <> 0 ORDER BY day`,
    [project, Number(ci), from, to],
  );

/** Reports by event or field. */
export const askReportValues: Ask<'reportValues'> = (connection, question) => {
  const { project, dimension, from, to } = question;
  return connection.all<ValueCount>(
    `SELECT day, value, sum(n) AS n FROM dims JOIN report_values USING (project_id, value_id)
     WHERE ${IN_SCOPE} AND dim = $2 AND day BETWEEN $3 AND $4
     GROUP BY day, value ORDER BY day, value`,
    [project, dimension, from, to],
  );
};

/** Deletions are subtracted from counts, which may leave rows with 0. */
export const askRetention: Ask<'retention'> = (connection, { project, interval, from, to }) =>
  connection.all<RetentionCell>(
    `SELECT cohort, period, sum(n) AS n FROM retention
     WHERE ${IN_SCOPE} AND "interval" = $2 AND cohort BETWEEN $3 AND $4
     GROUP BY cohort, period HAVING sum(n) <> 0 ORDER BY cohort, period`,
    [project, interval, from, to],
  );

/** The dimensions that have values. */
export const askDimensions: Ask<'dimensions'> = async (connection, { project }) => {
  const rows = await connection.all<{ dim: string }>(
    `SELECT DISTINCT dim FROM dims WHERE ${IN_SCOPE} ORDER BY dim`,
    [project],
  );
  return rows.map(({ dim }) => dim);
};

/** Quality counts by kind, in the order of the kinds. */
export const askQuality: Ask<'quality'> = async (
  connection,
  { project, from = -MAX_DAY, to = MAX_DAY },
) => {
  const rows = await connection.all<{ kind: QualityKind; n: number }>(
    `SELECT kind, sum(n) AS n FROM quality
     WHERE (${IN_SCOPE} OR $1 IS NULL AND project_id = ${NO_PROJECT}) AND day BETWEEN $2 AND $3
     GROUP BY kind ORDER BY kind`,
    [project, from, to],
  );
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]));
};

const OF_REPORTS = `${IN_SCOPE} AND (dim = '${EVENT_DIMENSION}' OR starts_with(dim, 'field:'))`;

/** Values times days of a question at most. */
const MAX_VALUE_DAYS = 2_000_000;

/** On which days events and fields came. */
export const askSayingDays: Ask<'sayingDays'> = async (connection, { project, from, to }) => {
  const found = await connection.get<{ n: number }>(
    `SELECT count(*) AS n FROM dims WHERE ${OF_REPORTS}`,
    [project],
  );
  const values = found?.n ?? 0;
  const days = to - from + 1;
  if (values * days > MAX_VALUE_DAYS) throw new TooCostlyError(values, days);
  return connection.all<SayingDay>(
    `SELECT dim AS dimension, CASE WHEN dim = '${EVENT_DIMENSION}' THEN value END AS value, day,
       sum(n) AS n
     FROM dims JOIN report_values USING (project_id, value_id)
     WHERE ${OF_REPORTS} AND day BETWEEN $2 AND $3
     GROUP BY 1, 2, 3 HAVING sum(n) > 0 ORDER BY 1, 2 NULLS FIRST, 3`,
    [project, from, to],
  );
};
