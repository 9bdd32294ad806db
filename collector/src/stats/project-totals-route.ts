import { Type, type Static } from 'typebox';
import type { App } from '../app-types.js';
import { dayOf } from '../rules/day.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import { type PageQuestion, pageOf } from '../rules/page.js';
import { findState } from './asked-state.js';
import { columnsOf, formatParameter, writeAs } from './answer.js';
import { DOCUMENTED_ROWS, type StatsParts } from './define-question.js';
import type { StatsRouteParts } from './register-question.js';

/** Projects in an answer at most, since each takes several queries. */
const MAX_LISTED = 200;

const projectTotalsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({ maxLength: MAX_PROJECT_CHARACTERS, description: 'Only names after this one' }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]\\d?|1\\d\\d|200)$',
        description: `Projects in the answer, up to ${MAX_LISTED}, and so many without it`,
      }),
    ),
    format: formatParameter,
  },
  { additionalProperties: false },
);

const count = (description: string) => Type.Integer({ minimum: 0, description });

/** The answer to `GET /v1/stats/projects`. */
export const projectTotalsSchema = Type.Object(
  {
    as_of: Type.String({
      format: 'date-time',
      description: 'Every report acknowledged before this moment is counted',
    }),
    projects_left_out: count('Projects with names after those in the answer'),
    next: Type.Optional(
      Type.String({ description: 'There are more: ask again with ?after= and this name' }),
    ),
    rows: Type.Array(
      Type.Object(
        {
          project: Type.String(),
          total_users: count('People'),
          daily_active_users: count('People active today, in the zone of the project'),
          weekly_active_users: count('People active on any of the last 7 days, today included'),
          monthly_active_users: count('People active on any of the last 28 days, today included'),
          ci_users: count('IDs that only build farms have reported with'),
          total_reports: count(
            'Reports of people and build farms, each once; those of deleted users stay counted',
          ),
          last_seen: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
            description: 'When somebody was last seen; null if only build farms have reported',
          }),
          unusual: Type.Boolean({
            description: 'Whether one of the last 28 days had unusually many new people',
          }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false, description: 'In order of their names' },
);

type ProjectTotals = Static<typeof projectTotalsSchema>;

/** `GET /v1/stats/projects`: the counts of every project that has reported. */
export function registerProjectTotalsRoute(app: App, parts: StatsRouteParts): void {
  app.get(
    '/v1/stats/projects',
    {
      schema: {
        summary: 'The counts of every project',
        tags: ['stats'],
        querystring: projectTotalsQuery,
        response: { 200: projectTotalsSchema },
      },
      config: {
        ...DOCUMENTED_ROWS,
        headers: { 'headcount-as-of': 'The same as as_of, for formats that have rows alone' },
        level: 'restricted',
      },
      onRequest: parts.guards,
      preSerialization: writeAs(({ rows }: ProjectTotals) => rows, columnsOf(projectTotalsSchema)),
    },
    async (request) => {
      const { after, limit = MAX_LISTED } = request.query;
      const { asOf, store } = await findState(request, parts);
      return askTotals({ ...parts, store }, asOf, { after, limit: Number(limit) });
    },
  );
}

async function askTotals(
  parts: Pick<StatsParts, 'projects' | 'store'>,
  asOf: Date,
  asked: PageQuestion,
): Promise<ProjectTotals> {
  const names = await parts.store.projects();
  const rows: ProjectTotals['rows'] = [];
  const { items, next, left } = pageOf([...names].sort(), (name) => name, asked);
  for (const name of items) rows.push(await totalsOf(name, asOf, parts));
  return {
    as_of: asOf.toISOString(),
    projects_left_out: left,
    ...(next !== undefined && { next }),
    rows,
  };
}

async function totalsOf(
  project: string,
  asOf: Date,
  { projects, store }: Pick<StatsParts, 'projects' | 'store'>,
): Promise<ProjectTotals['rows'][number]> {
  const day = dayOf(asOf.getTime(), projects.zoneOf(project));
  const { summary, unusual } = await store.together({
    summary: { project, day },
    unusual: { project, from: day - 27, to: day },
  });
  const [newest] = await store.recent({ project, limit: 1 });
  return {
    project,
    total_users: summary.totalUsers,
    daily_active_users: summary.dailyActiveUsers,
    weekly_active_users: summary.weeklyActiveUsers,
    monthly_active_users: summary.monthlyActiveUsers,
    ci_users: summary.ciUsers,
    total_reports: summary.totalReports,
    last_seen: newest === undefined ? null : new Date(newest.lastSeen).toISOString(),
    unusual: unusual.length > 0,
  };
}
