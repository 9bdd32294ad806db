import { Type, type Static } from 'typebox';
import { bucketMembers } from './bucket.js';
import { METRICS } from './count-series.js';
import { DIMENSIONS_HELP } from './dimension.js';
import { parameters } from './parameters.js';
import { formatParameter } from './answer.js';
import { scopeMembers } from './stats-parts.js';

const metric = Type.Enum(METRICS);
const population = Type.Enum(['people', 'ci']);
const count = (description: string) => Type.Integer({ minimum: 0, description });
const certainty = (description: string) =>
  Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description }));

/** The query parameters of `GET /v1/stats/timeseries`. */
export const timeseriesQuery = Type.Object(
  {
    ...scopeMembers,
    metric: Type.Optional({
      ...metric,
      description:
        'active: people seen in the bucket or window. new: seen in it for the first time. ' +
        'returning: active and not new. reports: reports of people. active without it',
    }),
    ...parameters,
    group_by: Type.Optional(Type.String({ maxLength: 200, description: DIMENSIONS_HELP })),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]|[1-4]\\d|50)$',
        description: 'Groups in the answer, those with most; up to 50, and 10 without it',
      }),
    ),
    population: Type.Optional({
      ...population,
      description: 'Build farms, ci, are counted apart from people. people without it',
    }),
    format: formatParameter,
  },
  { additionalProperties: false },
);

/** The query parameters of `GET /v1/stats/timeseries`. */
export type TimeseriesQuery = Static<typeof timeseriesQuery>;

/** The answer to `GET /v1/stats/timeseries`. */
export const timeseriesSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    metric,
    unit: Type.Enum(['people', 'reports']),
    population,
    interval: Type.String(),
    window: Type.Union([Type.String(), Type.Null()]),
    group_by: Type.Union([Type.String(), Type.Null()]),
    groups_left_out: count('Groups beyond the limit'),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    rows: Type.Array(
      Type.Object(
        {
          ...bucketMembers,
          group: Type.Optional(Type.String()),
          value: Type.Integer({ minimum: 0 }),
          certain: certainty(
            'Of the active people, those whose ID is made from the machine: it stays the same when ' +
              'it is lost. null where the window is longer than 31 days',
          ),
          likely: certainty('Those whose ID is random and kept: few are the same person twice'),
          ephemeral: certainty('Those whose ID is not kept: many may be the same person'),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/stats/timeseries`. */
export type TimeseriesAnswer = Static<typeof timeseriesSchema>;

/** What the rows of an answer have, by what was asked. */
export function timeseriesColumns(answer: TimeseriesAnswer): readonly string[] {
  const isGrouped = answer.group_by !== null;
  const isBanded = !isGrouped && answer.metric === 'active' && answer.population === 'people';
  return [
    ...Object.keys(bucketMembers),
    ...(isGrouped ? ['group'] : []),
    'value',
    ...(isBanded ? ['certain', 'likely', 'ephemeral'] : []),
  ];
}
