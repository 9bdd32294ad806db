import { type Static, Type } from 'typebox';
import { LONGEST_WINDOW_DAYS } from '../rules/activity-bits.js';
import { VALUE_WINDOW_DAYS } from '../rules/tally.js';
import type { UnusualDay } from '../store/questions.js';
import { formatParameter } from './answer.js';
import { bucketMembers, type BucketRow, bucketsFrom, toBucketRow } from './bucket.js';
import {
  askGroups,
  askTotalsOf,
  countGroups,
  countSeries,
  countTotalsOf,
  type Metric,
  METRICS,
  type Series,
} from './count-series.js';
import { toldMembers } from './told-members.js';
import { type Define, scopeMembers } from './define-question.js';
import {
  checkRows,
  DIMENSIONS_HELP,
  MAX_GROUPED_DAYS,
  parameters,
  readDays,
  readWindow,
  refuseParameter,
  readUnit,
  type Unit,
} from './parameters.js';
import { atLeastMark, mergedMember } from './merged.js';
import { publicDimensions, readPublicWindow } from './public-series.js';
import { askPublicTimeseries } from './public-timeseries.js';
import { refuseDropped } from './refuse-dropped.js';
import { joinsSmall, seenGroups, type SeenGroups } from './seen-groups.js';
import { saidSinceMember, sayIfUnknown } from './said-since.js';
import { toUnusualDays, unusualDates, unusualMark } from './unusual.js';

const metric = Type.Enum(METRICS);
const population = Type.Enum(['people', 'ci']);
const count = (description: string) => Type.Integer({ minimum: 0, description });
const certainty = (description: string) =>
  Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description }));

/** The query parameters of `GET /v1/stats/timeseries`. */
const timeseriesQuery = Type.Object(
  {
    ...scopeMembers,
    metric: Type.Optional({
      ...metric,
      description:
        'active: people seen in the bucket or window. new: seen in it for the first time. ' +
        'returning: active and not new. reports: reports of people, which can be grouped by event or ' +
        'field alone. active without it',
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
type TimeseriesQuery = Static<typeof timeseriesQuery>;

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
    ...unusualDates,
    ...toldMembers,
    ...mergedMember,
    ...saidSinceMember,
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
          ...unusualMark,
          ...atLeastMark,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/stats/timeseries`. */
type TimeseriesAnswer = Static<typeof timeseriesSchema>;

/** The members of an answer's rows, by its question. */
function columnsFor(answer: TimeseriesAnswer): readonly string[] {
  const isGrouped = answer.group_by !== null;
  const isBanded = !isGrouped && answer.metric === 'active' && answer.population === 'people';
  return [
    ...Object.keys(bucketMembers),
    ...(isGrouped ? ['group'] : []),
    'value',
    ...(isBanded ? ['certain', 'likely', 'ephemeral'] : []),
    ...Object.keys(unusualMark),
  ];
}

const DEFAULT_GROUPS = 10;

/** `GET /v1/stats/timeseries`: how a figure went over time. */
export function defineTimeseries(define: Define): void {
  define({
    path: '/v1/stats/timeseries',
    summary: 'How a figure went over time',
    query: timeseriesQuery,
    answer: timeseriesSchema,
    rows: ({ rows }) => rows,
    columns: columnsFor,
    publicDimensions: ({ group_by: dimension, metric = 'active' }) =>
      publicDimensions(dimension, metric === 'active' ? 'people' : 'reports'),
    handler: async (asked, query, store): Promise<TimeseriesAnswer> => {
      const { project, zone, today, asOf } = asked;
      const { metric = 'active', interval = 'day', population = 'people' } = query;
      const isPublic = asked.level === 'public';
      if (isPublic) checkPublic(query);
      const group = readGroup(query, metric);
      const limit = Number(query.limit ?? DEFAULT_GROUPS);
      if (isPublic && group !== undefined) {
        const { window, from, to } = query;
        const { dimension, unit } = group;
        const grouped = { group_by: dimension, unit, interval, window, from, to, limit };
        return askPublicTimeseries(asked, grouped, store);
      }
      const longest = group === undefined ? LONGEST_WINDOW_DAYS : VALUE_WINDOW_DAYS;
      const length = query.window === undefined ? undefined : readWindow(query.window, longest);
      const { from, to } = readDays(query, interval, today, group && MAX_GROUPED_DAYS);
      const buckets = bucketsFrom(from, to, interval);
      if (group !== undefined) checkRows(buckets.length * limit, 'limit');
      const windows = buckets.map(({ firstDay, lastDay }) => ({
        firstDay: length === undefined ? firstDay : lastDay - length + 1,
        lastDay,
      }));
      const days = { project, from: windows[0]?.firstDay ?? from, to };
      const ask = async (): Promise<Found> => {
        if (group === undefined) {
          const ci = population === 'ci';
          const series = await countSeries(store, metric, { ...days, ci }, windows);
          return { counted: [series], found: series.unusual, merged: {} };
        }
        const { dimension, unit } = group;
        const question = { project, windows, dimension };
        const needsTotals = joinsSmall(asked.level, dimension, unit);
        const answers = await store.together({
          ...{ ...askGroups(group.metric, question), unusual: days },
          ...(needsTotals && askTotalsOf(question)),
        });
        const groups = countGroups(answers);
        const totals = needsTotals ? countTotalsOf(answers, groups) : [];
        const seen = seenGroups(asked.level, dimension, unit, groups, totals);
        return { ...seen, counted: seen.groups, found: answers.unusual };
      };
      const { counted, found, merged } = await ask();
      const all = isPublic ? counted.map(withoutBand) : counted;
      if (metric !== 'reports' || group !== undefined) {
        await refuseDropped(store, { what: 'rollups', from: days.from, windows });
      }
      const unusual = toUnusualDays(found);
      const shown = all.slice(0, limit);
      return {
        project,
        metric,
        unit: metric === 'reports' ? 'reports' : 'people',
        population,
        interval,
        window: query.window ?? null,
        group_by: group?.dimension ?? null,
        groups_left_out: all.length - shown.length,
        unusual: unusual.dates,
        ...merged,
        ...(group && (await sayIfUnknown(store, { ...group, zone, from: days.from }))),
        timezone: zone,
        as_of: asOf.toISOString(),
        rows: buckets.flatMap((bucket, at) => {
          const isUnusual = unusual.isIn(windows[at] ?? bucket);
          return toRows(toBucketRow(bucket, zone, asOf), shown, at, isUnusual);
        }),
      };
    },
  });
}

/** A series without the windows in which its group is part of `other`. */
type SeenSeries = Omit<Series, 'values'> & { readonly values: readonly (number | null)[] };

/** What a question has found. */
interface Found extends Pick<SeenGroups, 'merged'> {
  readonly counted: readonly SeenSeries[];
  readonly found: readonly UnusualDay[];
}

const toRows = (
  bucket: BucketRow,
  all: readonly SeenSeries[],
  at: number,
  unusual: boolean,
): TimeseriesAnswer['rows'] =>
  all.flatMap((series) => {
    const value = series.values[at] === undefined ? 0 : series.values[at];
    if (value === null) return [];
    return { ...bucket, ...toFigures(series, value, at), unusual };
  });

function toFigures({ group, certainty }: SeenSeries, value: number, at: number) {
  return {
    ...(group !== undefined && { group }),
    value,
    ...(certainty && {
      certain: certainty.certain?.[at] ?? null,
      likely: certainty.likely?.[at] ?? null,
      ephemeral: certainty.ephemeral?.[at] ?? null,
    }),
  };
}

/** Refuses what the public cannot ask. */
function checkPublic({ window, population }: TimeseriesQuery): void {
  if (window !== undefined) readPublicWindow(window);
  if (population !== 'ci') return;
  refuseParameter('population', 'Build farms over time need a token.', ['people']);
}

/** How sure people are is a dimension of them. */
const withoutBand = ({ certainty, ...series }: SeenSeries): SeenSeries => ({
  ...series,
  ...(certainty && { certainty: { certain: null, likely: null, ephemeral: null } }),
});

/** What a series is grouped by. */
interface Group {
  readonly metric: 'active' | 'reports';
  readonly unit: Unit;
  readonly dimension: string;
}

function readGroup(
  { group_by: dimension, population }: TimeseriesQuery,
  metric: Metric,
): Group | undefined {
  if (dimension === undefined) return undefined;
  if (population === 'ci') refuseParameter('group_by', 'Build farms cannot be grouped.', []);
  if (metric === 'new' || metric === 'returning') {
    return refuseParameter('group_by', `It cannot be asked for with metric=${metric}.`, []);
  }
  const unit = readUnit(dimension, 'group_by', metric === 'active' ? 'people' : 'reports');
  return { metric, dimension, unit };
}
