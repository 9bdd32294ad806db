import { UNUSUAL_ABOVE, USUAL_DAYS } from '../../../rules/unusual.js';
import { isUnusualAmong } from '../../answers/is-unusual-among.js';
import type { DayCount, UnusualDay } from '../../questions.js';
import type { Connection } from '../connection.js';
import type { Ask } from './ask.js';

const ARE_NEW = 'ci = 0 AND gap = 0';

const MANY = `
  SELECT slug AS project, projects.id AS id, day, sum(n) AS n
  FROM projects JOIN gaps ON project_id = projects.id
  WHERE ($1::text IS NULL OR slug = $1) AND ${ARE_NEW} AND day BETWEEN $2 AND $3
  GROUP BY slug, projects.id, day HAVING sum(n) > ${UNUSUAL_ABOVE}
  ORDER BY day, slug`;

const AROUND = `
  SELECT day, sum(n) AS n FROM gaps
  WHERE project_id = $1 AND ${ARE_NEW} AND day BETWEEN $2::int - ${USUAL_DAYS} AND $3
  GROUP BY day ORDER BY day`;

const TOGETHER = `
  SELECT day, sum(n) AS n FROM gaps
  WHERE ${ARE_NEW} AND day BETWEEN $1::int - ${USUAL_DAYS} AND $2
  GROUP BY day`;

type Found = UnusualDay & { readonly id: number };

/** Days with unusually many new people. */
export const askUnusual: Ask<'unusual'> = async (connection, { project, from, to }) => {
  const found = await ofProjects(connection, project, from, to);
  if (project !== null) return found;
  const news = await connection.all<DayCount>(TOGETHER, [from, to]);
  const ofAll = news
    .filter((one) => one.day >= from && isUnusualAmong(news, one))
    .map(({ day, n }) => ({ project: null, day, n }));
  // The sort is stable: a day of all projects stays before those of each.
  return [...ofAll, ...found].sort((a, b) => a.day - b.day);
};

async function ofProjects(
  connection: Connection,
  project: string | null,
  from: number,
  to: number,
): Promise<UnusualDay[]> {
  const found = await connection.all<Found>(MANY, [project, from, to]);
  // Once for all days of a project: the months before them overlap. They are in the order of days.
  const newsOf = new Map<number, readonly DayCount[]>();
  for (const { id, day } of found) {
    if (newsOf.has(id)) continue;
    const last = found.findLast((one) => one.id === id)?.day ?? day;
    newsOf.set(id, await connection.all<DayCount>(AROUND, [id, day, last]));
  }
  return found
    .filter((one) => isUnusualAmong(newsOf.get(one.id) ?? [], one))
    .map(({ project: name, day, n }) => ({ project: name, day, n }));
}
