import { Type, type Static } from 'typebox';
import type { App } from '../app-types.js';
import { DEFAULT_ZONE, dayOf } from '../counting/day.js';
import { problemResponses } from '../problem.js';
import type { Share, Summary } from '../store/store.js';
import { CATCH_UP_MS, scopeSchema, type StatsParts } from './stats-parts.js';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const distribution = Type.Record(Type.String(), Type.Integer({ minimum: 1 }));

/** The answer to `GET /stats`. */
export const summarySchema = Type.Object(
  {
    total_users: count(
      'People: distinct IDs that not only build farms have reported with. Projects count apart: ' +
        'without ?project=, one person with two projects is two people, in every count here',
    ),
    daily_active_users: count('People active today'),
    weekly_active_users: count('People active on any of the last 7 days, today included'),
    os_distribution: distribution,
    version_distribution: distribution,
    last_updated: Type.String({ format: 'date-time', description: 'When the counts last changed' }),
    total_reports: count('Reports of people and build farms, each once'),
    ci_users: count('IDs that only build farms have reported with'),
    timezone: Type.String({ description: 'The zone that days are counted in' }),
    as_of: Type.String({
      format: 'date-time',
      description: 'Every report acknowledged before this moment is counted',
    }),
  },
  { additionalProperties: false },
);

/** `GET /stats`: how many people there are, were active, and what they run. */
export function registerSummaryRoute(app: App, { counting, store, now }: StatsParts): void {
  app.get(
    '/stats',
    {
      schema: {
        querystring: scopeSchema,
        response: { 200: summarySchema, ...problemResponses },
      },
    },
    async ({ query }) => {
      const asOf = await counting.caughtUp(CATCH_UP_MS);
      const day = dayOf(now().getTime(), DEFAULT_ZONE);
      return toAnswer(await store.summary({ project: query.project ?? null, day }), asOf);
    },
  );
}

function toAnswer(summary: Summary, asOf: Date): Static<typeof summarySchema> {
  return {
    total_users: summary.totalUsers,
    daily_active_users: summary.dailyActiveUsers,
    weekly_active_users: summary.weeklyActiveUsers,
    os_distribution: toDistribution(summary.os),
    version_distribution: toDistribution(summary.version),
    last_updated: (summary.changedAt === null ? asOf : new Date(summary.changedAt)).toISOString(),
    total_reports: summary.totalReports,
    ci_users: summary.ciUsers,
    timezone: DEFAULT_ZONE,
    as_of: asOf.toISOString(),
  };
}

function toDistribution(shares: readonly Share[]): Record<string, number> {
  return Object.fromEntries(shares.map(({ value, users }) => [value, users]));
}
