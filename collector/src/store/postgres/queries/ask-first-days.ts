import { groupVersions, inOrder } from '../../answers/group-versions.js';
import { type FirstDay, TooCostlyError } from '../../questions.js';
import type { Ask } from './ask.js';
import { IN_SCOPE } from './scope.js';

const VERSIONS = `
  SELECT value_id AS id, project_id, slug AS project, value
  FROM dims JOIN projects ON projects.id = project_id
  WHERE ${IN_SCOPE} AND dim = 'version' ORDER BY slug, value`;

const FIRST_DAY = `
  SELECT day, sum(n) AS people FROM value_gaps
  WHERE project_id = (SELECT id FROM projects WHERE slug = $1) AND value_id = ANY($2::int[])
    AND day >= $3
  GROUP BY day HAVING sum(n) >= $4 ORDER BY day LIMIT 1`;

/** How long the question may take, in milliseconds. It is looked at after each version. */
const MAX_MS = 2000;

/** The first days of versions. */
export const askFirstDays: Ask<'firstDays'> = async (connection, { project, people, since }) => {
  const startedAt = performance.now();
  const found = await connection.all<{ id: number; project: string; value: string }>(VERSIONS, [
    project,
  ]);
  const groups = groupVersions(found);
  const days: FirstDay[] = [];
  for (const { project: slug, version, ids } of groups) {
    const first = await connection.get<{ day: number; people: number }>(FIRST_DAY, [
      ...[slug, ids, since, people],
    ]);
    if (first) days.push({ project: slug, version, ...first });
    if (performance.now() - startedAt > MAX_MS) throw new TooCostlyError(groups.length);
  }
  return days.sort(inOrder);
};
