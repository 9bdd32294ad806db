import { type Static, Type } from 'typebox';
import type { App } from '../app-types.js';
import { dateOfDay } from '../rules/day.js';
import { periodsBetween } from '../rules/period.js';
import { columnsOf, formatParameter, NOT_MODIFIED, writeAs } from './answer.js';
import { bucketMembers, bucketsFrom, toBucketRow } from './bucket.js';
import {
  askQuestion,
  DOCUMENTED_ANSWER,
  scopeMembers,
  type StatsRouteParts,
} from './define-question.js';
import { parameters, readDays, refuseParameter } from './parameters.js';

const retentionQuery = Type.Object(
  {
    ...scopeMembers,
    interval: Type.Optional({
      ...parameters.interval,
      description: 'How long cohorts and periods are; weeks begin on Monday. week without it',
    }),
    from: parameters.from,
    to: parameters.to,
    tz: parameters.tz,
    format: formatParameter,
  },
  { additionalProperties: false },
);

/** Periods of cohorts that an answer may have, all told. */
const MAX_CELLS = 20_000;

/** The answer to `GET /v1/stats/retention`. */
export const retentionSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    interval: Type.String(),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    rows: Type.Array(
      Type.Object(
        {
          cohort: Type.String({
            format: 'date',
            description: 'The first day of the period in which these people were first seen',
          }),
          size: Type.Integer({ minimum: 0, description: 'How many people the cohort has' }),
          period: Type.Integer({ minimum: 0, description: 'Periods since the cohort’s own' }),
          ...bucketMembers,
          people: Type.Integer({ minimum: 0, description: 'Of the cohort, those seen in it' }),
          rate: Type.Number({ minimum: 0, maximum: 1, description: 'Of the cohort’s size' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/stats/retention`: of the people first seen in a period, how many came again. */
export function registerRetentionRoute(app: App, parts: StatsRouteParts): void {
  app.get(
    '/v1/stats/retention',
    {
      schema: {
        summary: 'Of the people first seen in a period, how many came again',
        tags: ['stats'],
        querystring: retentionQuery,
        response: { 304: NOT_MODIFIED, 200: retentionSchema },
      },
      config: DOCUMENTED_ANSWER,
      onRequest: parts.guards,
      preSerialization: writeAs(
        ({ rows }: Static<typeof retentionSchema>) => rows,
        columnsOf(retentionSchema),
      ),
    },
    (request, reply) =>
      askQuestion<Static<typeof retentionSchema>>(
        request,
        reply,
        parts,
        async ({ project, zone, today, asOf }) => {
          const { interval = 'week', ...given } = request.query;
          const { from, to } = readDays(given, interval, today);
          const periods = bucketsFrom(from, today, interval);
          if (periods.length * bucketsFrom(from, to, interval).length > MAX_CELLS) {
            refuseParameter('from', `At most ${MAX_CELLS} periods can be asked for at once.`);
          }
          const cells = await parts.store.retention({ project, interval, from, to });
          const people = new Map(cells.map(({ cohort, period, n }) => [`${cohort} ${period}`, n]));
          const spans = periods.map((bucket) => ({
            bucket,
            row: toBucketRow(bucket, zone, asOf),
          }));
          const cohorts = periods.filter(({ firstDay }) => firstDay <= to);
          const rows = cohorts.flatMap(({ firstDay }, at) => {
            const cohort = dateOfDay(firstDay);
            const size = people.get(`${firstDay} ${firstDay}`) ?? 0;
            return spans.slice(at).map(({ bucket, row }) => {
              const seen = people.get(`${firstDay} ${bucket.firstDay}`) ?? 0;
              return {
                cohort,
                size,
                period: periodsBetween(firstDay, bucket.firstDay, interval),
                ...row,
                people: seen,
                rate: size === 0 ? 0 : seen / size,
              };
            });
          });
          return { project, interval, timezone: zone, as_of: asOf.toISOString(), rows };
        },
      ),
  );
}
