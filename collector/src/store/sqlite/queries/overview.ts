import { NEVER_BEFORE, type Total } from '../../../rules/tally.js';
import type { Database } from '../../../sqlite/database.js';
import { addUpProjects } from '../../add-up-projects.js';
import type { OverviewQuestion, ProjectOverview } from '../../questions.js';
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

interface Active {
  readonly id: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly new: number;
}

interface Places {
  readonly id: number;
  readonly dimension: string;
  readonly most: number;
  readonly values: number;
  readonly dimensions: number;
}

/** Prepares the question about all projects at a glance. Use it inside a transaction. */
export function prepareOverview(db: Database): Counts['overview'] {
  const names = db.prepare<{ id: number; slug: string }>(
    `SELECT id, slug FROM projects WHERE ${HAS_COUNTS}`,
  );
  const totals = db.prepare<{ id: number; total: Total; n: number }>(TOTALS);
  const active = db.prepare<Active>(ACTIVE);
  const places = db.prepare<Places>(PLACES);

  return ({ day, days, mostProjects }) => {
    const totalsOf = groupById(totals.all());
    const placesOf = groupById(places.all());
    // Few days: no two places on Earth are more than one day apart.
    const activeOn = new Map(
      [...new Set([day, ...Object.values(days)])].map((one) => [one, groupById(active.all([one]))]),
    );
    const overviewOf = (id: number, project: string): ProjectOverview => {
      const total = new Map(totalsOf.get(id)?.map((row) => [row.total, row.n]));
      const [act] = activeOn.get(dayIn(project, { day, days }))?.get(id) ?? [];
      const own = placesOf.get(id) ?? [];
      const people = (['certain', 'likely', 'ephemeral'] as const).map((one) => total.get(one));
      return {
        project,
        totalUsers: people.reduce<number>((sum, n = 0) => sum + n, 0),
        dailyActiveUsers: act?.daily ?? 0,
        weeklyActiveUsers: act?.weekly ?? 0,
        monthlyActiveUsers: act?.monthly ?? 0,
        newUsers: act?.new ?? 0,
        ciUsers: total.get('ci') ?? 0,
        totalReports: total.get('reports') ?? 0,
        lostReports: total.get('lost') ?? 0,
        lostReportsCut: total.get('lost_cut') ?? 0,
        places: {
          dimensions: own.reduce((sum, one) => sum + one.dimensions, 0),
          values: own.reduce((sum, one) => sum + one.values, 0),
          ofDimension: Object.fromEntries(own.map(({ dimension, most }) => [dimension, most])),
        },
      };
    };
    const all = names
      .all()
      .map(({ id, slug }) => overviewOf(id, slug))
      .sort((a, b) => b.totalUsers - a.totalUsers || compareNames(a, b));
    const rest = all.slice(mostProjects);
    return [...all.slice(0, mostProjects), ...(rest.length > 0 ? [addUpProjects(rest)] : [])];
  };
}

/** A project may have the name of a member that every object has. */
const dayIn = (project: string, { day, days }: Pick<OverviewQuestion, 'day' | 'days'>): number =>
  Object.hasOwn(days, project) ? (days[project] ?? day) : day;

/** As SQLite compares: by bytes. */
const compareNames = (a: ProjectOverview, b: ProjectOverview): number =>
  Buffer.compare(Buffer.from(a.project ?? ''), Buffer.from(b.project ?? ''));

function groupById<Row extends { readonly id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.id);
    if (group) group.push(row);
    else groups.set(row.id, [row]);
  }
  return groups;
}
