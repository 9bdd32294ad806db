import type { Database } from '../../../sqlite/database.js';
import type { RecentUser, StoreReader } from '../../store.js';
import { IN_SCOPE } from './scope.js';

const RECENT = `
  SELECT uid, first_seen AS firstSeen, last_seen AS lastSeen, os.value AS os,
    version.value AS version, reports
  FROM (
    SELECT * FROM users WHERE ${IN_SCOPE} AND ci = 0
    ORDER BY last_seen DESC, uid LIMIT ?2
  ) AS newest
  JOIN dims AS os ON os.id = newest.os_id
  JOIN dims AS version ON version.id = newest.version_id
  ORDER BY last_seen DESC, uid`;

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
