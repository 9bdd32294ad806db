import type { Database } from '../../../sqlite/database.js';
import type { NewestCount } from '../../questions.js';
import { IN_SCOPE } from './scope.js';

const NEWEST_VERSIONS = `
  SELECT value, NULL AS of, sum(n) AS n
  FROM dims CROSS JOIN newest_versions ON value_id = dims.id
  WHERE ${IN_SCOPE} AND dim = 'version' AND day >= ?2
  GROUP BY dims.id HAVING sum(n) > 0`;

/** Prepares to read the people active since a day by the version they ran on their last one. */
export function prepareNewestVersions(
  db: Database,
): (project: string | null, from: number) => NewestCount[] {
  const read = db.prepare<NewestCount>(NEWEST_VERSIONS);
  return (project, from) => read.all([project, from]);
}
