import { type Static, Type } from 'typebox';
import { dateOfDay } from '../rules/day.js';
import { PEOPLE_DIMENSIONS } from '../rules/dimensions.js';
import { VALUE_WINDOW_DAYS } from '../rules/tally.js';
import { columnsOf, formatParameter } from './answer.js';
import { bucketMembers, type BucketRow, bucketsFrom, toBucketRow } from './bucket.js';
import { askGroups, askTotals, countGroups, countTotals } from './count-series.js';
import { toldMembers } from './told-members.js';
import { type Asked, type CountsReader, type Define, scopeMembers } from './define-question.js';
import {
  checkRows,
  MAX_GROUPED_DAYS,
  parameters,
  readDays,
  readWindow,
  unitOf,
} from './parameters.js';
import { atLeastMark, atLeastOf, mergedMember } from './merged.js';
import { askPublicSeries, publicDimensions, readPublicDays } from './public-series.js';
import { refuseDropped } from './refuse-dropped.js';
import { saidSinceMember, sayIfUnknown } from './said-since.js';
import { seenGroups, type SeenGroups } from './seen-groups.js';
import { toUnusualDays, unusualDates, unusualMark } from './unusual.js';
import type { DayWindow } from './windows.js';

const DEFAULT_WINDOW = '7d';
const DEFAULT_VALUES = 10;

const adoptionQuery = Type.Object(
  {
    ...scopeMembers,
    dimension: Type.Optional(
      Type.String({ description: `${PEOPLE_DIMENSIONS.join(', ')}; version without it` }),
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
    ...unusualDates,
    ...toldMembers,
    ...mergedMember,
    ...saidSinceMember,
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
          ...unusualMark,
          ...atLeastMark,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

type AdoptionAnswer = Static<typeof adoptionSchema>;

/** A value, and for each day the people who had it in the window that ends with the day. */
interface Adoption {
  readonly value: string;
  /** Whether anybody had it in the window before the first day. */
  readonly wasBefore: boolean;
  readonly days: readonly {
    /** `null` where the value is part of `other`. */
    readonly people: number | null;
    readonly share: number;
  }[];
}

/** `GET /v1/stats/adoption`: how versions, or other values, came and went. */
export function defineAdoption(define: Define): void {
  define({
    path: '/v1/stats/adoption',
    summary: 'The share of active people each version has, day by day',
    query: adoptionQuery,
    answer: adoptionSchema,
    rows: ({ rows }) => rows,
    columns: columnsOf(adoptionSchema),
    publicDimensions: ({ dimension = 'version' }) => publicDimensions(dimension, undefined),
    handler: async (asked, query, store) => {
      const { dimension = 'version', window = DEFAULT_WINDOW, limit, ...given } = query;
      unitOf(dimension, 'dimension', ['people']);
      if (asked.level === 'public') return askPublic(asked, query, store);
      const { project, zone, today, asOf } = asked;
      const length = readWindow(window, VALUE_WINDOW_DAYS);
      const { from, to } = readDays(given, 'day', today, MAX_GROUPED_DAYS);
      const days = bucketsFrom(from, to, 'day');
      const most = Number(limit ?? DEFAULT_VALUES);
      checkRows(days.length * most, 'limit');
      const windows = days.map(({ lastDay }) => ({ firstDay: lastDay - length + 1, lastDay }));
      const before = { firstDay: from - length, lastDay: from - 1 };
      const span = { project, from: from - length + 1, to };
      const answers = await store.together({
        ...askTotals('active', { ...span, ci: false }, windows),
        ...askGroups('active', { project, dimension, windows: [before, ...windows] }),
        unusual: span,
      });
      await refuseDropped(store, { what: 'rollups', from: before.firstDay, windows });
      const unusual = toUnusualDays(answers.unusual);
      const { valueWindows = [] } = answers;
      const oldValues = new Set(
        valueWindows.filter(({ counts: [n = 0] }) => n > 0).map(({ value }) => value),
      );
      const totals = countTotals(answers, windows);
      const seen = seenGroups(asked.level, dimension, 'people', countGroups(answers, 1), totals);
      const shown = shareOut(seen.groups.slice(0, most), totals, oldValues);
      return {
        project,
        dimension,
        window,
        timezone: zone,
        as_of: asOf.toISOString(),
        values_left_out: seen.groups.length - shown.length,
        unusual: unusual.dates,
        ...seen.merged,
        ...(await sayIfUnknown(store, {
          ...{ dimension, unit: 'people' as const, zone, from: before.firstDay },
        })),
        values: shown.map((one) => describe(one, days)),
        rows: days.flatMap((day, at) => {
          const mark = { unusual: unusual.isIn(windows[at] ?? day), isShort: false };
          return toRows(toBucketRow(day, zone, asOf), shown, at, mark);
        }),
      };
    },
  });
}

/** What the public sees: the days that its windows end with, and the values shown on them. */
async function askPublic(
  asked: Asked,
  query: Static<typeof adoptionQuery>,
  store: Pick<CountsReader, 'together' | 'keptSpans' | 'saidSince' | 'countrySince' | 'agesSince'>,
): Promise<AdoptionAnswer> {
  const { dimension = 'version', window = DEFAULT_WINDOW, limit, from, to } = query;
  const series = await askPublicSeries(asked, store, {
    ...{
      dimension,
      unit: 'people',
      parameter: 'dimension',
      window,
      limit: Number(limit ?? DEFAULT_VALUES),
    },
    span: (lastDay) => readPublicDays({ from, to }, lastDay, asked.today),
  });
  const first = series.windows[0]?.firstDay ?? asked.today;
  await refuseDropped(store, { what: 'rollups', from: first });
  const days = series.windows.map(({ lastDay }) => ({ firstDay: lastDay, lastDay }));
  const adoptions = series.groups.map(({ group, values }) => ({
    value: group,
    wasBefore: false,
    days: values.map((people, at) => ({
      people,
      share: (people ?? 0) / (series.totals[at] || 1),
    })),
  }));
  return {
    ...{ project: asked.project, dimension, window, timezone: asked.zone },
    as_of: series.madeAt.toISOString(),
    values_left_out: series.leftOut,
    unusual: series.unusual.dates,
    ...series.merged,
    ...(await sayIfUnknown(store, { dimension, unit: 'people', zone: asked.zone, from: first })),
    values: adoptions.map((one) => describe(one, days)),
    rows: days.flatMap((day, at) =>
      toRows(toBucketRow(day, asked.zone, series.madeAt), adoptions, at, {
        unusual: series.unusual.isIn(series.windows[at] ?? day),
        isShort: series.isShort[at],
      }),
    ),
  };
}

function shareOut(
  groups: SeenGroups['groups'],
  totals: readonly number[],
  oldValues: ReadonlySet<string>,
): Adoption[] {
  return groups.map(({ group, values: counts }) => ({
    value: group,
    wasBefore: oldValues.has(group),
    days: counts.map((people, at) => {
      const total = totals[at] ?? 0;
      return { people, share: total === 0 ? 0 : (people ?? 0) / total };
    }),
  }));
}

function describe(
  { value, wasBefore, days }: Adoption,
  buckets: readonly DayWindow[],
): AdoptionAnswer['values'][number] {
  const dayAt = (at: number): number => buckets[at]?.lastDay ?? 0;
  const first = days.findIndex(({ people }) => people !== null && people > 0);
  const half = days.findIndex(({ share }) => share >= 0.5);
  return {
    value,
    first_date: wasBefore ? null : dateOfDay(dayAt(first)),
    peak_share: Math.max(...days.map(({ share }) => share)),
    days_to_half: wasBefore || half === -1 ? null : dayAt(half) - dayAt(first),
  };
}

// Member by member: ten thousand rows with spreading take three times as long.
const toRows = (
  { date, start, end, complete }: BucketRow,
  adoptions: readonly Adoption[],
  at: number,
  { unusual, isShort }: { readonly unusual: boolean; readonly isShort: boolean | undefined },
): AdoptionAnswer['rows'] =>
  adoptions.flatMap(({ value, days }) => {
    const { people, share } = days[at] ?? { people: 0, share: 0 };
    if (people === null) return [];
    const row = { date, start, end, complete, value, people, share, unusual };
    return isShort === true ? { ...row, ...atLeastOf(value, people, isShort) } : row;
  });
