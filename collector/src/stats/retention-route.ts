import { type Static, Type } from 'typebox';
import { atLeast } from '../access/level.js';
import { dateOfDay } from '../rules/day.js';
import { type Interval, periodsBetween } from '../rules/period.js';
import type { RetentionCell } from '../store/questions.js';
import { columnsOf, formatParameter } from './answer.js';
import { bucketMembers, type BucketRow, bucketsFrom, toBucketRow } from './bucket.js';
import { type Define, scopeMembers } from './define-question.js';
import { checkRows, parameters, readDays } from './parameters.js';
import { refuseDropped } from './refuse-dropped.js';
import { RESTRICTED_K } from './seen-groups.js';
import { toUnusualDays, unusualDates, unusualMark, type UnusualDays } from './unusual.js';
import type { DayWindow } from './windows.js';

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

const SMALL_COHORTS =
  'Below the administrator’s level, null after the own period of cohorts with fewer than ' +
  `${RESTRICTED_K} people`;

/** The answer to `GET /v1/stats/retention`. */
export const retentionSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    interval: Type.String(),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    ...unusualDates,
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
          people: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
            description: `Of the cohort, those seen in it. ${SMALL_COHORTS}`,
          }),
          rate: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
            description: `Of the cohort’s size. ${SMALL_COHORTS}`,
          }),
          unusual: {
            ...unusualMark.unusual,
            description: 'Whether unusually many people were new on a day of the cohort’s period',
          },
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/stats/retention`: of the people first seen in a period, how many came again. */
export function defineRetention(define: Define): void {
  define({
    path: '/v1/stats/retention',
    summary: 'Of the people first seen in a period, how many came again',
    query: retentionQuery,
    answer: retentionSchema,
    rows: ({ rows }) => rows,
    columns: columnsOf(retentionSchema),
    handler: async ({ project, level, zone, today, asOf }, query, store) => {
      const { interval = 'week', ...given } = query;
      const { from, to } = readDays(given, interval, today);
      const periods = bucketsFrom(from, today, interval);
      checkRows(periods.length * bucketsFrom(from, to, interval).length, 'from');
      const answers = await store.together({
        retention: { project, interval, from, to },
        unusual: { project, from, to },
      });
      await refuseDropped(store, { what: 'rollups', from });
      const shown = periods.map((period) => ({ ...period, row: toBucketRow(period, zone, asOf) }));
      const unusual = toUnusualDays(answers.unusual);
      const all = toRows(answers.retention, shown, unusual, interval, to);
      const rows = atLeast(level, 'administrator') ? all : all.map(withoutTrail);
      const as_of = asOf.toISOString();
      return { project, interval, timezone: zone, as_of, unusual: unusual.dates, rows };
    },
  });
}

/** A row that does not follow a few people over time. */
const withoutTrail = (row: Static<typeof retentionSchema>['rows'][number]): typeof row =>
  row.period > 0 && row.size > 0 && row.size < RESTRICTED_K
    ? { ...row, people: null, rate: null }
    : row;

/** A row for each cohort up to `lastDay`, in each period from its first. */
function toRows(
  cells: readonly RetentionCell[],
  periods: readonly (DayWindow & { readonly row: BucketRow })[],
  unusual: UnusualDays,
  interval: Interval,
  lastDay: number,
): Static<typeof retentionSchema>['rows'] {
  const counts = new Map(cells.map(({ cohort, period, n }) => [`${cohort} ${period}`, n]));
  const cohorts = periods.filter(({ firstDay }) => firstDay <= lastDay);
  return cohorts.flatMap((cohortWindow, at) => {
    const { firstDay: cohort } = cohortWindow;
    const isMarked = unusual.isIn(cohortWindow);
    const size = counts.get(`${cohort} ${cohort}`) ?? 0;
    return periods.slice(at).map(({ firstDay: period, row }) => {
      const people = counts.get(`${cohort} ${period}`) ?? 0;
      return {
        cohort: dateOfDay(cohort),
        size,
        period: periodsBetween(cohort, period, interval),
        ...row,
        people,
        rate: size === 0 ? 0 : people / size,
        unusual: isMarked,
      };
    });
  });
}
