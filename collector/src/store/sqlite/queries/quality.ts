import type { QualityKind } from '../../../counting/counted-report.js';
import type { Database } from '../../../sqlite/database.js';
import type { StoreReader } from '../../store.js';

const QUALITY = `
  SELECT kind, sum(n) AS n FROM quality
  WHERE ?1 IS NULL OR project_id = (SELECT id FROM projects WHERE slug = ?1)
  GROUP BY kind`;

/** What was put right, and what came twice. */
export function prepareQuality(db: Database): StoreReader['quality'] {
  const quality = db.prepare<{ kind: QualityKind; n: number }>(QUALITY);
  return ({ project }) =>
    Object.fromEntries(quality.all([project]).map(({ kind, n }) => [kind, n]));
}
