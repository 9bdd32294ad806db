import { type Static, Type } from 'typebox';
import { FLAGS, LEAST_DAYS } from '../forecast/day-forecast.js';
import { formatParameter } from './answer.js';
import { bucketMembers } from './bucket.js';
import { scopeMembers } from './define-question.js';
import { REASON_CODES } from './describe-reason.js';
import { FORECAST_METRICS } from './forecast-reasons.js';
import { parameters } from './parameters.js';
import { unusualDates, unusualMark } from './unusual.js';

const number = (description: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description });

const metric = Type.Enum(FORECAST_METRICS);

const reasonSchema = Type.Object(
  {
    kind: Type.Enum(['counting_problem', 'values', 'spread', 'unclear']),
    text: Type.String({ description: 'In English' }),
    code: Type.Enum(REASON_CODES, {
      description: 'What the text says, for programs that word it themselves',
    }),
    values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()]), {
      description:
        'The figures and names of the code: problem or kind, observed and usual, which are null ' +
        'without a token of the level developer for all projects',
    }),
    where: Type.Array(
      Type.Object(
        { dimension: Type.String(), value: Type.String() },
        { additionalProperties: false },
      ),
      { description: 'For values: who has all of these has the change' },
    ),
    share: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
      description: 'For values: about which share of the change lies there',
    }),
  },
  { additionalProperties: false },
);

const rowMembers = {
  ...bucketMembers,
  expected: number(
    `What was expected after the days before it; null after fewer than ${LEAST_DAYS} days`,
  ),
  low: number('95 of 100 ordinary days lie between this and high, both included'),
  high: number('The upper end'),
  observed: number('What came; null while the day is not over'),
};

/** The answer to `GET /v1/stats/forecast`. */
export const forecastSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    metric,
    of: Type.Union([Type.String(), Type.Null()], { description: 'null: all reports, or people' }),
    unit: Type.Enum(['people', 'reports']),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    status: Type.Enum(['ok', 'too_few_days'], {
      description: `too_few_days: a forecast needs ${LEAST_DAYS} complete days`,
    }),
    days_known: Type.Integer({
      minimum: 0,
      description: 'Complete days from the first with a count, three years at most',
    }),
    days_needed: Type.Integer(),
    ...unusualDates,
    rows: Type.Array(
      Type.Object(
        {
          ...rowMembers,
          flags: Type.Array(Type.Enum(FLAGS), {
            description:
              'low, high: outside what 99 of 100 ordinary days are. slow_fall, slow_rise: its week ' +
              'differs from the week before by more than weeks do. shift: the sixth such day in a ' +
              'row, and the usual number from now on. unusual: unusually many new people, so no ' +
              'later day is compared with it',
          }),
          reasons: Type.Array(reasonSchema, {
            description:
              'The likeliest first; of the last three days in the answer with low, high, slow_fall or slow_rise. Where it may be ' +
              'that less was counted, that comes before everything else',
          }),
          ...unusualMark,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/stats/forecast`. */
export type ForecastAnswer = Static<typeof forecastSchema>;

/** The query parameters of `GET /v1/stats/forecast`. */
export const forecastQuery = Type.Object(
  {
    ...scopeMembers,
    metric: Type.Optional({
      ...metric,
      description:
        'active: people seen on the day. new: seen for the first time. reports: reports of people. ' +
        'active without it',
    }),
    of: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          'With metric=reports: event:<event>, or field:<event>.<name> for the reports with a field',
      }),
    ),
    from: parameters.from,
    to: parameters.to,
    tz: parameters.tz,
    format: formatParameter,
  },
  { additionalProperties: false },
);
