import { UNKNOWN } from '../../../rules/dimensions.js';
import { OTHER } from '../../../rules/limits.js';
import type { Connection } from '../connection.js';

/**
 * Reads the names of values of a project as users' rows hold them. One that gave its place up is
 * `other`; dimensions that are newer than a report have no value in it.
 */
export async function namesOf(
  connection: Connection,
  projectId: number,
  ids: readonly number[],
): Promise<(id: number) => string> {
  const rows = await connection.all<{ id: number; value: string }>(
    'SELECT value_id AS id, value FROM dims WHERE project_id = $1 AND value_id = ANY($2::int[])',
    [projectId, [...new Set(ids)]],
  );
  const names = new Map(rows.map(({ id, value }) => [id, value]));
  return (id) => (id === 0 ? UNKNOWN : (names.get(id) ?? OTHER));
}
