import type { HourCell } from '../../../rules/hour-cells.js';
import type { ProjectHours } from '../../questions.js';
import type { Ask } from './ask.js';

/** When reports came. */
export const askHours: Ask<'hours'> = async (connection, { project }) => {
  const rows = await connection.all<HourCell & { readonly slug: string }>(
    `SELECT slug, hour, reports, first_at AS "firstAt", last_at AS "lastAt",
       longest_ms AS "longestMs"
     FROM hours JOIN projects ON projects.id = project_id
     WHERE $1::text IS NULL OR slug = $1 ORDER BY project_id, hour`,
    [project],
  );
  const projects = new Map<string, HourCell[]>();
  for (const { slug, ...cell } of rows) {
    const cells = projects.get(slug);
    if (cells) cells.push(cell);
    else projects.set(slug, [cell]);
  }
  return [...projects]
    .map(([name, cells]): ProjectHours => ({ project: name, cells }))
    .sort((a, b) => (a.project < b.project ? -1 : 1));
};
