import { HOUR_MS, type HourCell } from '../../../rules/hour-cells.js';
import type { Database } from '../../../sqlite/database.js';
import type { ProjectHours } from '../../questions.js';
import type { Counts } from '../../store.js';

const PROJECTS = `
  SELECT id, slug FROM projects WHERE (?1 IS NULL OR slug = ?1)
    AND EXISTS (SELECT 1 FROM hours WHERE project_id = projects.id)`;

/** The numbers of a row in the text. Moments are told from the beginning of the hour. */
const NUMBERS = [
  'hour',
  'reports',
  `first_at - hour * ${HOUR_MS}`,
  `last_at - first_at`,
  'longest_ms',
];

// As one text, since a row costs the binding more than it costs SQLite.
const CELLS = `
  SELECT group_concat(${NUMBERS.map((number) => `(${number})`).join(" || ',' || ")}) AS cells
  FROM (SELECT * FROM hours WHERE project_id = ? ORDER BY hour)`;

/** Prepares the question when reports came. */
export function prepareHours(db: Database): Counts['hours'] {
  const projects = db.prepare<{ id: number; slug: string }>(PROJECTS);
  const cells = db.prepare<{ cells: string | null }>(CELLS);
  return ({ project }) =>
    projects
      .all([project])
      .map(({ id, slug }): ProjectHours => ({ project: slug, cells: read(cells.get([id])?.cells) }))
      .sort((a, b) => (a.project < b.project ? -1 : 1));
}

function read(text: string | null | undefined): HourCell[] {
  const numbers = JSON.parse(`[${text ?? ''}]`) as number[]; // the query writes nothing else
  const found: HourCell[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS.length) {
    const [hour = 0, reports = 0, first = 0, length = 0, longestMs = 0] = numbers.slice(at, at + 5);
    const firstAt = hour * HOUR_MS + first;
    found.push({ hour, reports, firstAt, lastAt: firstAt + length, longestMs });
  }
  return found;
}
