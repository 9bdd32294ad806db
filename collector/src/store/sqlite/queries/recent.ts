import type { Database } from '../../../sqlite/database.js';
import type { RecentUser } from '../../recent-user.js';
import type { StoreReader } from '../../store-reader.js';

// Those of each project come from its index: no other user is looked at.
const RECENT = `
  SELECT uid, first_seen AS firstSeen, last_seen AS lastSeen, os.value AS os,
    version.value AS version, reports
  FROM projects CROSS JOIN users ON users.project_id = projects.id AND users.uid IN (
    SELECT uid FROM users WHERE project_id = projects.id AND ci = 0
    ORDER BY last_seen DESC, uid LIMIT ?2
  )
  JOIN dims AS os ON os.id = users.os_id
  JOIN dims AS version ON version.id = users.version_id
  WHERE ?1 IS NULL OR slug = ?1
  ORDER BY last_seen DESC, uid LIMIT ?2`;

/** The people seen last. */
export function prepareRecent(db: Database): StoreReader['recent'] {
  const recent = db.prepare<RecentUser>(RECENT);
  return ({ project, limit }) =>
    recent.all([project, limit]).map(({ uid, firstSeen, lastSeen, os, version, reports }) => ({
      uid,
      firstSeen,
      lastSeen,
      os,
      version,
      reports,
    }));
}
