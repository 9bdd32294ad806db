import { Type } from 'typebox';
import { EVENT_DIMENSION } from '../rules/dimensions.js';
import { VALUE_WINDOW_DAYS } from '../rules/tally.js';
import { columnsOf, formatParameter } from './answer.js';
import { bucketMembers, toBucketRow } from './bucket.js';
import {
  askGroups,
  askTotals,
  askTotalsOf,
  countGroups,
  countTotals,
  countTotalsOf,
} from './count-series.js';
import { toldMembers } from './told-members.js';
import { type Define, scopeMembers } from './define-question.js';
import { atLeastMark, mergedMember } from './merged.js';
import {
  DIMENSIONS_HELP,
  parameters,
  readDays,
  readUnit,
  readWindow,
  UNITS,
} from './parameters.js';
import { askPublicBreakdown } from './public-breakdown.js';
import { publicDimensions } from './public-series.js';
import { seenGroups, type SeenGroups } from './seen-groups.js';
import { refuseDropped } from './refuse-dropped.js';
import { saidSinceMember, sayIfUnknown } from './said-since.js';
import { toUnusualDays, unusualDates } from './unusual.js';

const DEFAULT_WINDOW = '28d';
const DEFAULT_LIMIT = 20;
/** The days from which on a breakdown, up to today, is shown in full to every token. */
const WHOLE_DAYS = 28;

const breakdownQuery = Type.Object(
  {
    ...scopeMembers,
    dimension: Type.String({ maxLength: 200, description: DIMENSIONS_HELP }),
    metric: Type.Optional(
      Type.Enum([...UNITS], {
        description:
          'What is counted. Without it, people by facts, and reports by event or field; people are ' +
          'counted by all of them',
      }),
    ),
    window: Type.Optional({
      ...parameters.window,
      description: `Days that end with \`to\`, up to ${VALUE_WINDOW_DAYS}d; ${DEFAULT_WINDOW} without it`,
    }),
    to: parameters.to,
    tz: parameters.tz,
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]\\d{0,2}|1000)$',
        description: `Values in the answer, those with most; up to 1000, and ${DEFAULT_LIMIT} without it`,
      }),
    ),
    format: formatParameter,
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/stats/breakdown`. */
export const breakdownSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    dimension: Type.String(),
    unit: Type.Enum(['people', 'reports']),
    window: Type.String(),
    ...bucketMembers,
    total: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description:
        'All people, or reports, in the span, each once; for people by a field, those with its event. ' +
        'null: these are too few to be shown without a token',
    }),
    values_left_out: Type.Integer({ minimum: 0, description: 'Values beyond the limit' }),
    ...unusualDates,
    ...toldMembers,
    ...mergedMember,
    ...saidSinceMember,
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    rows: Type.Array(
      Type.Object(
        {
          value: Type.String({
            description: 'unknown: not reported; other: beyond the values that are counted',
          }),
          count: Type.Integer({ minimum: 1 }),
          share: Type.Number({ minimum: 0, maximum: 1, description: 'Of the total' }),
          ...atLeastMark,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/stats/breakdown`: what people run, or what reports say, in a span of days. */
export function defineBreakdown(define: Define): void {
  define({
    path: '/v1/stats/breakdown',
    summary: 'How people, or reports, spread over the values of a dimension',
    query: breakdownQuery,
    answer: breakdownSchema,
    rows: ({ rows }) => rows,
    columns: columnsOf(breakdownSchema),
    publicDimensions: ({ dimension, metric }) => publicDimensions(dimension, metric),
    handler: async (asked, query, store) => {
      const { project, zone, today, asOf } = asked;
      const { dimension, window = DEFAULT_WINDOW, to } = query;
      const limit = Number(query.limit ?? DEFAULT_LIMIT);
      if (asked.level === 'public') {
        const unit = readUnit(dimension, 'dimension', query.metric);
        return askPublicBreakdown(asked, { dimension, unit, window, to, limit }, store);
      }
      const unit = readUnit(dimension, 'dimension', query.metric);
      const metric = unit === 'people' ? 'active' : 'reports';
      const lastDay = readDays({ ...(to !== undefined && { from: to, to }) }, 'day', today).to;
      const span = { firstDay: lastDay - readWindow(window, VALUE_WINDOW_DAYS) + 1, lastDay };
      const days = { project, from: span.firstDay, to: lastDay };
      const hasTotal = unit === 'reports' && dimension === EVENT_DIMENSION;
      const answers = await store.together({
        ...askGroups(metric, { project, dimension, windows: [span] }),
        unusual: days,
        ...(hasTotal && askTotals(metric, { ...days, ci: false }, [span])),
        ...(unit === 'people' && askTotalsOf({ project, dimension, windows: [span] })),
      });
      await refuseDropped(store, {
        ...{ what: 'rollups', from: days.from, windows: [span] },
        parameter: to === undefined ? 'window' : 'to',
      });
      const all = countGroups(answers);
      const totalOf = (): number => {
        if (unit === 'people') return countTotalsOf(answers, all)[0] ?? 0;
        return hasTotal ? (countTotals(answers, [span])[0] ?? 0) : sumOf(toCounts(all));
      };
      const total = totalOf();
      // What everybody ran lately follows nobody, as in the summary.
      const isOfDays = to !== undefined || readWindow(window, VALUE_WINDOW_DAYS) < WHOLE_DAYS;
      const seen = isOfDays
        ? seenGroups(asked.level, dimension, unit, all, [total])
        : { groups: all, merged: {} };
      const counts = toCounts(seen.groups);
      const shown = counts.slice(0, limit);
      return {
        project,
        dimension,
        unit,
        window,
        ...toBucketRow(span, zone, asOf),
        total,
        values_left_out: counts.length - shown.length,
        unusual: toUnusualDays(answers.unusual).dates,
        ...seen.merged,
        ...(await sayIfUnknown(store, { dimension, unit, zone, from: days.from })),
        timezone: zone,
        as_of: asOf.toISOString(),
        rows: shown.map((row) => ({ ...row, share: total === 0 ? 0 : row.count / total })),
      };
    },
  });
}

interface ValueTotal {
  readonly value: string;
  readonly count: number;
}

const toCounts = (groups: SeenGroups['groups']): ValueTotal[] =>
  groups.map(({ group, values: [count] }) => ({ value: group, count: count ?? 0 }));

const sumOf = (counts: readonly ValueTotal[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);
