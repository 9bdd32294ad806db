import type { Connection } from './connection.js';

/** Reads what values of projects count under that gave their places up. */
export async function readGivenUp(
  connection: Connection,
  projectIds: readonly number[],
): Promise<ReadonlyMap<number, ReadonlyMap<number, number>>> {
  const found = new Map(projectIds.map((id) => [id, new Map<number, number>()]));
  for (const { project_id, value_id, other_id } of await connection.all<GivenUpRow>(
    'SELECT project_id, value_id, other_id FROM given_up WHERE project_id = ANY($1::int[])',
    [projectIds],
  )) {
    found.get(project_id)?.set(value_id, other_id);
  }
  return found;
}

interface GivenUpRow {
  readonly project_id: number;
  readonly value_id: number;
  readonly other_id: number;
}
