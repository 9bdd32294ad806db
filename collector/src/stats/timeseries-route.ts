import type { App } from '../app-types.js';
import { LONGEST_WINDOW_DAYS } from '../counting/activity-bits.js';
import { VALUE_WINDOW_DAYS } from '../counting/tally.js';
import { NOT_MODIFIED, writeAs } from './answer.js';
import { askQuestion } from './ask-question.js';
import { bucketsFrom, toBucketRow } from './bucket.js';
import { askGroups, countGroups, countSeries, type Metric, type Series } from './count-series.js';
import { unitOf } from './dimension.js';
import { MAX_GROUPED_DAYS, readDays, readWindow, refuseParameter } from './parameters.js';
import { DOCUMENTED_ANSWER } from './documented-answer.js';
import type { StatsRouteParts } from './stats-parts.js';
import {
  type TimeseriesAnswer,
  timeseriesColumns,
  timeseriesQuery,
  type TimeseriesQuery,
  timeseriesSchema,
} from './timeseries-schema.js';

const DEFAULT_GROUPS = 10;

/** `GET /v1/stats/timeseries`: how a figure went over time. */
export function registerTimeseriesRoute(app: App, parts: StatsRouteParts): void {
  const { store } = parts;
  app.get(
    '/v1/stats/timeseries',
    {
      schema: {
        summary: 'How a figure went over time',
        tags: ['stats'],
        querystring: timeseriesQuery,
        response: { 304: NOT_MODIFIED, 200: timeseriesSchema },
      },
      config: DOCUMENTED_ANSWER,
      onRequest: parts.guards,
      preSerialization: writeAs(({ rows }: TimeseriesAnswer) => rows, timeseriesColumns),
    },
    (request, reply) =>
      askQuestion<TimeseriesAnswer>(
        request,
        reply,
        parts,
        async ({ project, zone, today, asOf }) => {
          const { query } = request;
          const { metric = 'active', interval = 'day', population = 'people' } = query;
          const group = readGroup(query, metric);
          const longest = group === undefined ? LONGEST_WINDOW_DAYS : VALUE_WINDOW_DAYS;
          const length = query.window === undefined ? undefined : readWindow(query.window, longest);
          const { from, to } = readDays(query, interval, today, group && MAX_GROUPED_DAYS);
          const buckets = bucketsFrom(from, to, interval);
          const windows = buckets.map(({ firstDay, lastDay }) => ({
            firstDay: length === undefined ? firstDay : lastDay - length + 1,
            lastDay,
          }));
          const days = { project, from: windows[0]?.firstDay ?? from, to };
          const all: readonly Series[] =
            group === undefined
              ? [await countSeries(store, metric, { ...days, ci: population === 'ci' }, windows)]
              : countGroups(
                  await store.together(askGroups(group.metric, { ...days, ...group })),
                  windows,
                );
          const shown = all.slice(0, Number(query.limit ?? DEFAULT_GROUPS));
          return {
            project,
            metric,
            unit: metric === 'reports' ? 'reports' : 'people',
            population,
            interval,
            window: query.window ?? null,
            group_by: group?.dimension ?? null,
            groups_left_out: all.length - shown.length,
            timezone: zone,
            as_of: asOf.toISOString(),
            rows: buckets.flatMap((bucket, at) => {
              const row = toBucketRow(bucket, zone, asOf);
              return shown.map((series) => ({ ...row, ...toFigures(series, at) }));
            }),
          };
        },
      ),
  );
}

function toFigures({ group, values, certainty }: Series, at: number) {
  return {
    ...(group !== undefined && { group }),
    value: values[at] ?? 0,
    ...(certainty && {
      certain: certainty.certain?.[at] ?? null,
      likely: certainty.likely?.[at] ?? null,
      ephemeral: certainty.ephemeral?.[at] ?? null,
    }),
  };
}

function readGroup(
  { group_by: dimension, population }: TimeseriesQuery,
  metric: Metric,
): { readonly metric: 'active' | 'reports'; readonly dimension: string } | undefined {
  if (dimension === undefined) return undefined;
  if (population === 'ci') refuseParameter('group_by', 'Build farms are not told apart.', []);
  if (metric === 'new' || metric === 'returning') {
    return refuseParameter('group_by', `It cannot be asked for with metric=${metric}.`, []);
  }
  unitOf(dimension, 'group_by', [metric === 'active' ? 'people' : 'reports']);
  return { metric, dimension };
}
