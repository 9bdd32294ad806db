import { NEVER_BEFORE, type Total } from '../../../rules/tally.js';
import {
  type ActiveRow,
  daysOf,
  makeOverviews,
  type PlacesRow,
} from '../../answers/make-overviews.js';
import { findFullPlaces } from '../../full-places.js';
import type { Ask } from './ask.js';
import { HAS_COUNTS, IN_SCOPE } from './scope.js';

const TOTALS = 'SELECT project_id AS id, total, sum(n) AS n FROM totals GROUP BY project_id, total';

/** Counts an active day unless the one before it is in the same window too; see `Gap`. */
const within = (days: number): string => `
  coalesce(sum(n) FILTER (
    WHERE day > $1::int - ${days} AND (gap = ${NEVER_BEFORE} OR gap >= day - $1::int + ${days})), 0)`;

const ACTIVE = `
  SELECT project_id AS id, ${within(1)} AS daily, ${within(7)} AS weekly, ${within(28)} AS monthly,
    coalesce(sum(n) FILTER (WHERE day = $1::int AND gap = ${NEVER_BEFORE}), 0) AS new
  FROM gaps WHERE ci = 0 AND day BETWEEN $1::int - 27 AND $1::int
  GROUP BY project_id`;

const PLACES = `
  SELECT id, CASE WHEN starts_with(dim, 'field:') THEN 'field' ELSE dim END AS dimension,
    max(size) AS most, sum(size) AS "values", count(*) AS dimensions
  FROM (
    SELECT project_id AS id, dim, count(*) AS size FROM dims GROUP BY project_id, dim
  ) sizes GROUP BY 1, 2 ORDER BY 1, 2`;

/** All projects at a glance. */
export const askOverview: Ask<'overview'> = async (connection, question) => {
  const active = new Map<number, ActiveRow[]>();
  for (const day of daysOf(question)) {
    active.set(day, await connection.all<ActiveRow>(ACTIVE, [day]));
  }
  const rows = {
    names: await connection.all<{ id: number; slug: string }>(
      `SELECT id, slug FROM projects WHERE ${HAS_COUNTS}`,
    ),
    totals: await connection.all<{ id: number; total: Total; n: number }>(TOTALS),
    places: await connection.all<PlacesRow>(PLACES),
    active,
  };
  return makeOverviews(rows, question);
};

interface Size {
  readonly project: string;
  readonly dimension: string;
  readonly size: number;
}

/** What is over 80 % full. */
export const askFullPlaces: Ask<'fullPlaces'> = async (connection, { project }) => {
  const sizes = await connection.all<Size>(
    `SELECT slug AS project, dim AS dimension, count(*) AS size
     FROM dims JOIN projects ON projects.id = project_id
     WHERE ${IN_SCOPE} GROUP BY slug, dim ORDER BY slug, dim`,
    [project],
  );
  const names = [...new Set(sizes.map((size) => size.project))];
  return names.flatMap((name) =>
    findFullPlaces(
      name,
      sizes.filter((size) => size.project === name),
    ),
  );
};
