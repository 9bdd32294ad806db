import type { Database } from '../../../sqlite/database.js';
import type { RecentUser } from '../../questions.js';
import type { StoreReader } from '../../store.js';
import { nameOf } from './name-of.js';

const RECENT = `
  SELECT users.uid AS uid, users.first_seen AS firstSeen, users.last_seen AS lastSeen,
    ${nameOf('users.os_id')} AS os, ${nameOf('users.version_id')} AS version,
    users.reports AS reports
  FROM (
    SELECT project_id, uid FROM projects CROSS JOIN recent ON project_id = projects.id
    WHERE ?1 IS NULL OR slug = ?1
    ORDER BY last_seen DESC, uid LIMIT ?2
  ) AS newest
  CROSS JOIN users ON users.project_id = newest.project_id AND users.uid = newest.uid
  ORDER BY users.last_seen DESC, users.uid`;

/** Prepares the question about the people seen last. */
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
