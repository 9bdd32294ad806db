import { NEVER_BEFORE, type Total } from '../../../rules/tally.js';
import { topShares } from '../../../rules/top-shares.js';
import type { Share } from '../../questions.js';
import type { Connection } from '../connection.js';
import type { Ask } from './ask.js';
import { IN_SCOPE } from './scope.js';

const TOTALS = `SELECT total, sum(n) AS n FROM totals WHERE ${IN_SCOPE} GROUP BY total`;

/** Counts people's active days in a window without an earlier one in it; see `Gap`. */
const within = (days: number): string => `
  coalesce(sum(n) FILTER (
    WHERE day > $2::int - ${days} AND (gap = ${NEVER_BEFORE} OR gap >= day - $2::int + ${days})), 0)`;

const ACTIVE = `
  SELECT ${within(1)} AS daily, ${within(7)} AS weekly, ${within(28)} AS monthly
  FROM gaps WHERE ${IN_SCOPE} AND ci = 0 AND day > $2::int - 28 AND day <= $2::int`;

const LATEST = `
  SELECT value, sum(n) AS users FROM latest JOIN dims USING (project_id, value_id)
  WHERE ${IN_SCOPE} AND dim = $2
  GROUP BY value HAVING sum(n) > 0 ORDER BY users DESC, value`;

const CHANGED = 'SELECT nullif(max(applied_at), 0) AS at FROM positions';

interface Active {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

/** How many people there are, were active, and what they run. */
export const askSummary: Ask<'summary'> = async (connection, { project, day, mostValues }) => {
  const rows = await connection.all<{ total: Total; n: number }>(TOTALS, [project]);
  const total = new Map(rows.map((row) => [row.total, row.n]));
  const active = await connection.get<Active>(ACTIVE, [project, day]);
  const certainUsers = total.get('certain') ?? 0;
  const likelyUsers = total.get('likely') ?? 0;
  const ephemeralUsers = total.get('ephemeral') ?? 0;
  return {
    totalUsers: certainUsers + likelyUsers + ephemeralUsers,
    dailyActiveUsers: active?.daily ?? 0,
    weeklyActiveUsers: active?.weekly ?? 0,
    monthlyActiveUsers: active?.monthly ?? 0,
    certainUsers,
    likelyUsers,
    ephemeralUsers,
    ciUsers: total.get('ci') ?? 0,
    totalReports: total.get('reports') ?? 0,
    lostReports: total.get('lost') ?? 0,
    lostReportsCut: total.get('lost_cut') ?? 0,
    os: await askShares(connection, project, 'os', mostValues),
    version: await askShares(connection, project, 'version', mostValues),
    changedAt: (await connection.get<{ at: number | null }>(CHANGED))?.at ?? null,
  };
};

async function askShares(
  connection: Connection,
  project: string | null,
  dimension: string,
  mostValues: number | undefined,
): Promise<Share[]> {
  return topShares(await connection.all<Share>(LATEST, [project, dimension]), mostValues);
}
