import { NEVER_BEFORE, type Total } from '../../../rules/tally.js';
import { topShares } from '../../../rules/top-shares.js';
import type { Database } from '../../../sqlite/database.js';
import type { Share } from '../../questions.js';
import type { Counts } from '../../store.js';
import { IN_SCOPE } from './scope.js';

const TOTALS = `SELECT total, sum(n) AS n FROM totals WHERE ${IN_SCOPE} GROUP BY total`;

// Counts people's active days in a window without an earlier one in it; see `Gap`.
const ACTIVE = `
  SELECT coalesce(sum(n), 0) AS n FROM gaps
  WHERE ${IN_SCOPE} AND ci = 0 AND day > ?2 - ?3 AND day <= ?2
    AND (gap = ${NEVER_BEFORE} OR gap >= day - ?2 + ?3)`;

const LATEST = `
  SELECT value, sum(n) AS users FROM latest JOIN dims ON dims.id = latest.value_id
  WHERE ${IN_SCOPE} AND dim = ?2
  GROUP BY value HAVING sum(n) > 0 ORDER BY users DESC, value`;

/** How many people there are, were active, and what they run. */
export function prepareSummary(db: Database): Counts['summary'] {
  const totals = db.prepare<{ total: Total; n: number }>(TOTALS);
  const activeWithin = db.prepare<{ n: number }>(ACTIVE);
  const latest = db.prepare<Share>(LATEST);
  const changed = db.prepare<{ at: number | null }>(
    'SELECT nullif(max(applied_at), 0) AS at FROM positions',
  );
  const toShare = ({ value, users }: Share): Share => ({ value, users });

  return ({ project, day, mostValues }) => {
    const total = new Map(totals.all([project]).map((row) => [row.total, row.n]));
    const active = (days: number): number => activeWithin.get([project, day, days])?.n ?? 0;
    const certainUsers = total.get('certain') ?? 0;
    const likelyUsers = total.get('likely') ?? 0;
    const ephemeralUsers = total.get('ephemeral') ?? 0;
    return {
      totalUsers: certainUsers + likelyUsers + ephemeralUsers,
      dailyActiveUsers: active(1),
      weeklyActiveUsers: active(7),
      monthlyActiveUsers: active(28),
      certainUsers,
      likelyUsers,
      ephemeralUsers,
      ciUsers: total.get('ci') ?? 0,
      totalReports: total.get('reports') ?? 0,
      lostReports: total.get('lost') ?? 0,
      lostReportsCut: total.get('lost_cut') ?? 0,
      os: topShares(latest.all([project, 'os']).map(toShare), mostValues),
      version: topShares(latest.all([project, 'version']).map(toShare), mostValues),
      changedAt: changed.get()?.at ?? null,
    };
  };
}
