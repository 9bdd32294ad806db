import { OTHER } from '../../../rules/limits.js';
import type { RecentQuestion, RecentUser } from '../../questions.js';
import { type Connection, fromUuid } from '../connection.js';

const nameOf = (column: string): string => `
  coalesce((
    SELECT value FROM dims WHERE dims.project_id = u.project_id AND value_id = u.${column}
  ), '${OTHER}')`;

// A person whom several nodes have seen is in the lane of each.
const RECENT = `
  SELECT u.uid::text AS uid, u.first_seen AS "firstSeen", u.last_seen AS "lastSeen",
    ${nameOf('os_id')} AS os, ${nameOf('version_id')} AS version, u.reports
  FROM (
    SELECT project_id, uid FROM recent
    WHERE project_id IN (SELECT id FROM projects WHERE $1::text IS NULL OR slug = $1)
    GROUP BY project_id, uid ORDER BY max(last_seen) DESC, uid LIMIT $2
  ) newest
  JOIN users u USING (project_id, uid)
  ORDER BY u.last_seen DESC, u.uid`;

/** The people seen last. */
export async function findRecent(
  connection: Connection,
  { project, limit }: RecentQuestion,
): Promise<RecentUser[]> {
  const rows = await connection.all<Omit<RecentUser, 'uid'> & { readonly uid: string }>(RECENT, [
    project,
    limit,
  ]);
  return rows.map(({ uid, ...rest }) => ({ uid: fromUuid(uid), ...rest }));
}
