import type { Database } from '../../../sqlite/database.js';
import type { Share, StoreReader } from '../../store.js';

interface Counts {
  readonly people: number;
  readonly today: number;
  readonly week: number;
  readonly ci: number;
  readonly reports: number;
}

// Activity as seen from the asked day: see `activity-bits.ts`, which the arithmetic repeats. A
// right shift drags the sign along, hence the mask.
const BITS_AT_DAY = `CASE
    WHEN last_day <= ?1 THEN bits << (?1 - last_day)
    ELSE (bits >> (last_day - ?1)) & ~(-1 << (64 - (last_day - ?1)))
  END`;

const IN_SCOPE = `(?2 IS NULL OR project_id = (SELECT id FROM projects WHERE slug = ?2))`;

const COUNTS = `
  SELECT
    count(*) FILTER (WHERE ci = 0) AS people,
    count(*) FILTER (WHERE ci = 0 AND active & 1) AS today,
    count(*) FILTER (WHERE ci = 0 AND active & 127) AS week,
    count(*) FILTER (WHERE ci = 1) AS ci,
    coalesce(sum(reports), 0) AS reports
  FROM (SELECT ci, reports, ${BITS_AT_DAY} AS active FROM users WHERE ${IN_SCOPE})`;

const sharesBy = (column: 'os_id' | 'version_id'): string => `
  SELECT dims.value AS value, sum(n) AS users
  FROM (
    SELECT ${column} AS id, count(*) AS n FROM users WHERE ci = 0 AND
      (?1 IS NULL OR project_id = (SELECT id FROM projects WHERE slug = ?1))
    GROUP BY ${column}
  ) JOIN dims USING (id)
  GROUP BY dims.value ORDER BY users DESC, value`;

/** How many people there are, were active, and what they run. */
export function prepareSummary(db: Database): StoreReader['summary'] {
  const counts = db.prepare<Counts>(COUNTS);
  const os = db.prepare<Share>(sharesBy('os_id'));
  const version = db.prepare<Share>(sharesBy('version_id'));
  const changed = db.prepare<{ at: number | null }>('SELECT max(applied_at) AS at FROM positions');
  const toShare = ({ value, users }: Share): Share => ({ value, users });

  return ({ project, day }) => {
    const row = counts.get([day, project]);
    return {
      totalUsers: row?.people ?? 0,
      dailyActiveUsers: row?.today ?? 0,
      weeklyActiveUsers: row?.week ?? 0,
      ciUsers: row?.ci ?? 0,
      totalReports: row?.reports ?? 0,
      os: os.all([project]).map(toShare),
      version: version.all([project]).map(toShare),
      changedAt: changed.get()?.at ?? null,
    };
  };
}
