import type { Database } from '../../../sqlite/database.js';
import { groupVersions, inOrder } from '../../answers/group-versions.js';
import { type FirstDay, type FirstDaysQuestion, TooCostlyError } from '../../questions.js';
import type { Counts } from '../../store.js';
import { IN_SCOPE } from './scope.js';

const VERSIONS = `
  SELECT dims.id, slug AS project, value FROM dims JOIN projects ON projects.id = project_id
  WHERE ${IN_SCOPE} AND dim = 'version' ORDER BY slug, value`;

// The rows of one value are in the order of its days, so reading ends with the day that is looked for.
const FIRST_DAY = `
  SELECT day, sum(n) AS people FROM value_gaps WHERE value_id = ?1 AND day >= ?2
  GROUP BY day HAVING sum(n) >= ?3 ORDER BY day LIMIT 1`;

const FIRST_DAY_OF_SEVERAL = `
  SELECT day, sum(n) AS people FROM value_gaps
  WHERE value_id IN (SELECT value FROM json_each(?1)) AND day >= ?2
  GROUP BY day HAVING sum(n) >= ?3 ORDER BY day LIMIT 1`;

/** How long the question may take, in milliseconds. It is looked at after each version. */
const MAX_MS = 2000;

/** Prepares the question about the first days of versions. */
export function prepareFirstDays(
  db: Database,
  nowMs = () => performance.now(),
): Counts['firstDays'] {
  const versions = db.prepare<{ id: number; project: string; value: string }>(VERSIONS);
  const ofOne = db.prepare<{ day: number; people: number }>(FIRST_DAY);
  const ofSeveral = db.prepare<{ day: number; people: number }>(FIRST_DAY_OF_SEVERAL);
  return ({ project, people, since }: FirstDaysQuestion): FirstDay[] => {
    const startedAt = nowMs();
    const groups = groupVersions(versions.all([project]));
    const days: FirstDay[] = [];
    for (const { project: slug, version, ids } of groups) {
      const [only = 0, ...others] = ids;
      const first =
        others.length === 0
          ? ofOne.get([only, since, people])
          : ofSeveral.get([JSON.stringify(ids), since, people]);
      if (first) days.push({ project: slug, version, ...first });
      if (nowMs() - startedAt > MAX_MS) throw new TooCostlyError(groups.length);
    }
    return days.sort(inOrder);
  };
}
