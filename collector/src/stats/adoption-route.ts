import { type Static, Type } from 'typebox';
import type { App } from '../app-types.js';
import { dateOfDay } from '../rules/day.js';
import { USER_DIMENSIONS } from '../rules/dimensions.js';
import { VALUE_WINDOW_DAYS } from '../rules/tally.js';
import { columnsOf, formatParameter, NOT_MODIFIED, writeAs } from './answer.js';
import { bucketMembers, bucketsFrom, toBucketRow } from './bucket.js';
import { askGroups, askTotals, countGroups, countTotals } from './count-series.js';
import {
  askQuestion,
  DOCUMENTED_ANSWER,
  scopeMembers,
  type StatsRouteParts,
} from './define-question.js';
import { MAX_GROUPED_DAYS, parameters, readDays, readWindow, unitOf } from './parameters.js';

const DEFAULT_WINDOW = '7d';
const DEFAULT_VALUES = 10;

const adoptionQuery = Type.Object(
  {
    ...scopeMembers,
    dimension: Type.Optional(
      Type.String({ description: `${USER_DIMENSIONS.join(', ')}; version without it` }),
    ),
    from: parameters.from,
    to: parameters.to,
    window: Type.Optional({
      ...parameters.window,
      description: `Days that end with each day, up to ${VALUE_WINDOW_DAYS}d; ${DEFAULT_WINDOW} without it`,
    }),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]|[1-4]\\d|50)$',
        description: `Values in the answer, those with most; up to 50, and ${DEFAULT_VALUES} without it`,
      }),
    ),
    tz: parameters.tz,
    format: formatParameter,
  },
  { additionalProperties: false },
);

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

/** The answer to `GET /v1/stats/adoption`. */
export const adoptionSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    dimension: Type.String(),
    window: Type.String(),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    values_left_out: Type.Integer({ minimum: 0, description: 'Values beyond the limit' }),
    values: Type.Array(
      Type.Object(
        {
          value: Type.String(),
          first_date: Type.Union([Type.String({ format: 'date' }), Type.Null()], {
            description:
              'The day it came on; null if it was there already, in the window before the days asked for',
          }),
          peak_share: share('Its largest share on any of the days'),
          days_to_half: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
            description: 'Days from its first to that on which half of the active people had it',
          }),
        },
        { additionalProperties: false },
      ),
    ),
    rows: Type.Array(
      Type.Object(
        {
          ...bucketMembers,
          value: Type.String(),
          people: Type.Integer({ minimum: 0, description: 'Active in the window with the value' }),
          share: share('Of the people active in the window'),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/stats/adoption`: how versions, or other values, came and went. */
export function registerAdoptionRoute(app: App, parts: StatsRouteParts): void {
  const { store } = parts;
  app.get(
    '/v1/stats/adoption',
    {
      schema: {
        summary: 'The share of active people each version has, day by day',
        tags: ['stats'],
        querystring: adoptionQuery,
        response: { 304: NOT_MODIFIED, 200: adoptionSchema },
      },
      config: DOCUMENTED_ANSWER,
      onRequest: parts.guards,
      preSerialization: writeAs(
        ({ rows }: Static<typeof adoptionSchema>) => rows,
        columnsOf(adoptionSchema),
      ),
    },
    (request, reply) =>
      askQuestion<Static<typeof adoptionSchema>>(
        request,
        reply,
        parts,
        async ({ project, zone, today, asOf }) => {
          const { dimension = 'version', window = DEFAULT_WINDOW, limit, ...given } = request.query;
          unitOf(dimension, 'dimension', ['people']);
          const length = readWindow(window, VALUE_WINDOW_DAYS);
          const { from, to } = readDays(given, 'day', today, MAX_GROUPED_DAYS);
          const days = bucketsFrom(from, to, 'day');
          const windows = days.map(({ lastDay }) => ({ firstDay: lastDay - length + 1, lastDay }));
          // A value that was there in the window before the first day did not come with it.
          const before = { firstDay: from - length, lastDay: from - 1 };
          const span = { project, from: before.firstDay, to };
          const answers = await store.together({
            ...askTotals('active', { ...span, ci: false }),
            ...askGroups('active', { ...span, dimension }),
          });
          const totals = countTotals(answers, windows);
          const groups = countGroups(answers, windows);
          const oldValues = new Set(countGroups(answers, [before]).map(({ group }) => group));
          const shares = groups.map(({ group, values: counts }) => ({
            value: group,
            wasBefore: oldValues.has(group),
            days: counts.map((people, at) => {
              const total = totals[at] ?? 0;
              return { people, share: total === 0 ? 0 : people / total };
            }),
          }));
          const shown = shares.slice(0, Number(limit ?? DEFAULT_VALUES));
          return {
            project,
            dimension,
            window,
            timezone: zone,
            as_of: asOf.toISOString(),
            values_left_out: shares.length - shown.length,
            values: shown.map(({ value, wasBefore, days: all }) => {
              const first = all.findIndex(({ people }) => people > 0);
              const half = all.findIndex(({ share }) => share >= 0.5);
              return {
                value,
                first_date: wasBefore ? null : dateOfDay(from + first),
                peak_share: Math.max(...all.map(({ share }) => share)),
                days_to_half: wasBefore || half === -1 ? null : half - first,
              };
            }),
            rows: days.flatMap((day, at) => {
              const row = toBucketRow(day, zone, asOf);
              return shown.map(({ value, days: all }) => ({
                ...row,
                value,
                people: all[at]?.people ?? 0,
                share: all[at]?.share ?? 0,
              }));
            }),
          };
        },
      ),
  );
}
