import { NEVER_BEFORE, type Total } from '../../../rules/tally.js';
import type { Database } from '../../../sqlite/database.js';
import {
  type ActiveRow,
  daysOf,
  makeOverviews,
  type PlacesRow,
} from '../../answers/make-overviews.js';
import type { Counts } from '../../store.js';
import { HAS_COUNTS } from './scope.js';

const TOTALS = 'SELECT project_id AS id, total, n FROM totals';

/** Counts an active day unless the one before it is in the same window too; see `Gap`. */
const within = (days: number): string => `
  coalesce(sum(n) FILTER (
    WHERE day > ?1 - ${days} AND (gap = ${NEVER_BEFORE} OR gap >= day - ?1 + ${days})), 0)`;

const ACTIVE = `
  SELECT id, ${within(1)} AS daily, ${within(7)} AS weekly, ${within(28)} AS monthly,
    coalesce(sum(n) FILTER (WHERE day = ?1 AND gap = ${NEVER_BEFORE}), 0) AS new
  FROM projects CROSS JOIN gaps ON project_id = id AND ci = 0 AND day BETWEEN ?1 - 27 AND ?1
  GROUP BY id`;

const SIZES = `
  SELECT project_id AS id, dim, count(*) AS size FROM dims GROUP BY project_id, dim`;

const PLACES = `
  SELECT id, CASE WHEN dim LIKE 'field:%' THEN 'field' ELSE dim END AS dimension,
    max(size) AS most, sum(size) AS "values", count(*) AS dimensions
  FROM (${SIZES}) GROUP BY id, dimension`;

/** Prepares the question about all projects at a glance. Use it inside a transaction. */
export function prepareOverview(db: Database): Counts['overview'] {
  const names = db.prepare<{ id: number; slug: string }>(
    `SELECT id, slug FROM projects WHERE ${HAS_COUNTS}`,
  );
  const totals = db.prepare<{ id: number; total: Total; n: number }>(TOTALS);
  const active = db.prepare<ActiveRow>(ACTIVE);
  const places = db.prepare<PlacesRow>(PLACES);

  return (question) =>
    makeOverviews(
      {
        ...{ names: names.all(), totals: totals.all(), places: places.all() },
        active: new Map(daysOf(question).map((day) => [day, active.all([day])])),
      },
      question,
    );
}
