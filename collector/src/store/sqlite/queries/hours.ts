import type { HourCell } from '../../../rules/hour-cells.js';
import type { Database } from '../../../sqlite/database.js';
import type { ProjectHours } from '../../questions.js';
import type { Counts } from '../../store.js';
import { HOUR_COLUMNS } from '../hours-table.js';

const PROJECTS = `
  SELECT id, slug FROM projects WHERE (?1 IS NULL OR slug = ?1)
    AND EXISTS (SELECT 1 FROM hours WHERE project_id = projects.id)`;

/** Prepares the question when reports came. */
export function prepareHours(db: Database): Counts['hours'] {
  const projects = db.prepare<{ id: number; slug: string }>(PROJECTS);
  const cells = db.prepare<HourCell>(
    `SELECT ${HOUR_COLUMNS} FROM hours WHERE project_id = ? ORDER BY hour`,
  );
  return ({ project }) =>
    projects
      .all([project])
      .map(({ id, slug }): ProjectHours => ({ project: slug, cells: cells.all([id]) }))
      .sort((a, b) => (a.project < b.project ? -1 : 1));
}
