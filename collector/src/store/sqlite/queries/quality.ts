import type { QualityKind } from '../../../rules/counted-report.js';
import type { Database } from '../../../sqlite/database.js';
import type { Counts } from '../../store.js';
import { NO_PROJECT } from '../../no-project.js';
import { IN_SCOPE } from './scope.js';

/** Beyond every day that a date can have. */
const MAX_DAY = 1e9;

const QUALITY = `
  SELECT kind, sum(n) AS n FROM quality
  WHERE (${IN_SCOPE} OR ?1 IS NULL AND project_id = ${NO_PROJECT}) AND day BETWEEN ?2 AND ?3
  GROUP BY kind`;

/** Prepares the question about quality. */
export function prepareQuality(db: Database): Counts['quality'] {
  const quality = db.prepare<{ kind: QualityKind; n: number }>(QUALITY);
  return ({ project, from = -MAX_DAY, to = MAX_DAY }) =>
    Object.fromEntries(quality.all([project, from, to]).map(({ kind, n }) => [kind, n]));
}
