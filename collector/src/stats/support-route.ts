import { Type } from 'typebox';
import { atLeast } from '../access/level.js';
import { type EndedVersions, endedRange } from '../rules/ended-versions.js';
import { isInRange, rankVersions } from '../rules/compare-versions.js';
import { dateOfDay } from '../rules/day.js';
import { firstWhole } from '../rules/kept-spans.js';
import type { NewestCount } from '../store/questions.js';
import { columnsOf, formatParameter } from './answer.js';
import { type Define, scopeMembers } from './define-question.js';
import { parameters, refuseParameter } from './parameters.js';
import { RESTRICTED_K } from './seen-groups.js';
import { findHalves, historyWindows } from './version-halves.js';

const DEFAULT_WINDOW = '28d';
/** With fewer days, single people could be followed; before more, users' days may be dropped. */
const [LEAST_DAYS, MOST_DAYS] = [28, 60];
const DEFAULT_LIMIT = 100;

/** The dimensions of versions, and the one whose values have versions of their own. */
const FAMILIES = { version: null, runtime_version: 'runtime', os_version: 'os' } as const;

type VersionDimension = keyof typeof FAMILIES;

const supportQuery = Type.Object(
  {
    ...scopeMembers,
    dimension: Type.Optional(
      Type.Enum(Object.keys(FAMILIES) as VersionDimension[], {
        description: 'Versions of the runtime or system are told apart by it; version without it',
      }),
    ),
    window: Type.Optional({
      ...parameters.window,
      description: `People seen in so many days up to today, ${LEAST_DAYS}d to ${MOST_DAYS}d; ${DEFAULT_WINDOW} without it, and alone below the administrator's level`,
    }),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]\\d{0,2}|1000)$',
        description: `Versions in the answer, those with most; up to 1000, and ${DEFAULT_LIMIT} without it`,
      }),
    ),
    tz: parameters.tz,
    format: formatParameter,
  },
  { additionalProperties: false },
);

const of = Type.Union([Type.String(), Type.Null()], {
  description: 'The runtime or system; null for versions of the program',
});
const people = (description: string) => Type.Integer({ minimum: 0, description });
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const nullable = <Schema extends Type.TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const NO_PROJECT = 'null without project: each project has its own';
const NO_ORDER = 'null for values that are no version, such as unknown';

/** The answer to `GET /v1/stats/support`. */
export const supportSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    dimension: Type.String(),
    window: Type.String(),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    total: people('Seen in the window, each once'),
    ended: Type.Array(
      Type.Object(
        {
          of,
          total: people('Seen in the window, of this runtime or system'),
          people: nullable(
            Type.Integer({ minimum: 0 }),
            `On versions that the project marks as ended; ${NO_PROJECT}`,
          ),
          share: nullable(
            Type.Number({ minimum: 0, maximum: 1 }),
            `The same, of the total; ${NO_PROJECT}`,
          ),
        },
        { additionalProperties: false },
      ),
      { description: 'Most people first' },
    ),
    values_left_out: Type.Integer({ minimum: 0, description: 'Versions beyond the limit' }),
    rows: Type.Array(
      Type.Object(
        {
          of,
          value: Type.String(),
          people: people('On this version when last seen'),
          share: share('Of the people of the runtime or system'),
          people_from_here: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
            description: `On this version or a later one. ${NO_ORDER}`,
          }),
          share_from_here: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
            description: `The same, of the people of the runtime or system. ${NO_ORDER}`,
          }),
          ended: nullable(Type.Boolean(), `Whether the project marks it as ended; ${NO_PROJECT}`),
          first_date: Type.Union([Type.String({ format: 'date' }), Type.Null()], {
            description:
              'The day it was first seen; null if that is longer ago than is looked at, of runtimes and systems, and ' +
              `of fewer than ${RESTRICTED_K} people below the administrator's level`,
          }),
          days_to_half: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
            description:
              'Days from then until half of the people of a week had it or a later one; null if not yet, and where first_date is',
          }),
        },
        { additionalProperties: false },
      ),
      { description: 'By runtime or system, those with most people first; then the latest first' },
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/stats/support`: which versions people run now, and which may be dropped. */
export function defineSupport(define: Define): void {
  define({
    path: '/v1/stats/support',
    summary: 'The share of people at or above each version',
    query: supportQuery,
    answer: supportSchema,
    rows: ({ rows }) => rows,
    columns: columnsOf(supportSchema),
    handler: async ({ project, zone, today, asOf, told, level }, query, store) => {
      const { dimension = 'version', window = DEFAULT_WINDOW, limit } = query;
      const isExact = atLeast(level, 'administrator');
      const from = today - readLength(window, isExact) + 1;
      const family = FAMILIES[dimension];
      const answers = await store.together({
        newestValues: { project, dimension, of: family, from },
        ...(family === null && {
          valueWindows: { project, dimension, windows: historyWindows(today) },
        }),
      });
      const spans = (await store.keptSpans()).filter(({ what }) => what === 'rollups');
      const halves = findHalves(answers.valueWindows ?? [], today, firstWhole(spans, Infinity));
      const families = toFamilies(
        answers.newestValues,
        dimension,
        project === null ? null : told.ended,
      );
      const all = families.flatMap(({ rows }) => rows);
      const most = Number(limit ?? DEFAULT_LIMIT);
      const kept = new Set([...all].sort((a, b) => b.people - a.people).slice(0, most));
      return {
        ...{ project, dimension, window, timezone: zone, as_of: asOf.toISOString() },
        total: sumOf(answers.newestValues),
        ended: families.map(({ total, ended, ...one }) => ({
          ...{ of: one.of, total, people: ended, share: ended === null ? null : ended / total },
        })),
        values_left_out: all.length - kept.size,
        rows: all
          .filter((row) => kept.has(row))
          .map((row) => {
            const isTold = isExact || row.people >= RESTRICTED_K;
            const half = isTold ? halves.get(row.value) : undefined;
            const { firstDay = null, daysToHalf = null } = half ?? {};
            const first_date = firstDay === null ? null : dateOfDay(firstDay);
            return { ...row, first_date, days_to_half: daysToHalf };
          }),
      };
    },
  });
}

interface SupportRow {
  readonly of: string | null;
  readonly value: string;
  readonly people: number;
  readonly share: number;
  readonly people_from_here: number | null;
  readonly share_from_here: number | null;
  readonly ended: boolean | null;
}

/** The versions of the program, or of one runtime or system. */
interface Family {
  readonly of: string | null;
  readonly total: number;
  readonly ended: number | null;
  readonly rows: readonly SupportRow[];
}

function toFamilies(
  counts: readonly NewestCount[],
  dimension: VersionDimension,
  ended: EndedVersions | null,
): Family[] {
  const names = new Set(counts.map(({ of: name }) => name));
  return [...names]
    .map((name) => {
      const ofName = counts.filter((one) => one.of === name);
      if (ended === null) return toFamily(name, ofName, null);
      const range = endedRange(ended, dimension, name);
      return toFamily(name, ofName, (value) => range !== undefined && isInRange(value, range));
    })
    .sort((a, b) => b.total - a.total || ((a.of ?? '') < (b.of ?? '') ? -1 : 1));
}

function toFamily(
  name: string | null,
  counts: readonly NewestCount[],
  isEnded: ((value: string) => boolean) | null,
): Family {
  const total = sumOf(counts);
  const ofValue = new Map(counts.map(({ value, n }) => [value, n]));
  const ranked = rankVersions([...ofValue.keys()]);
  const ofRank = new Map<number, number>();
  for (const { value, rank } of ranked) {
    if (rank !== null) ofRank.set(rank, (ofRank.get(rank) ?? 0) + (ofValue.get(value) ?? 0));
  }
  let above = 0;
  const upTo = new Map([...ofRank].map(([rank, n]) => [rank, (above += n)]));
  const rows = ranked.map(({ value, rank }) => {
    const have = ofValue.get(value) ?? 0;
    const fromHere = rank === null ? null : (upTo.get(rank) ?? 0);
    return {
      of: name,
      value,
      people: have,
      share: have / total,
      people_from_here: fromHere,
      share_from_here: fromHere === null ? null : fromHere / total,
      ended: isEnded === null ? null : isEnded(value),
    };
  });
  const ended = rows.reduce((sum, row) => sum + (row.ended === true ? row.people : 0), 0);
  return { of: name, total, ended: isEnded === null ? null : ended, rows };
}

/** @param isExact - Without it, other windows would tell when the only person on a version came last. */
function readLength(window: string, isExact: boolean): number {
  if (!isExact && window !== DEFAULT_WINDOW) {
    const detail = "Other windows need an administrator's token.";
    return refuseParameter('window', detail, [DEFAULT_WINDOW]);
  }
  const days = Number.parseInt(window, 10);
  if (days >= LEAST_DAYS && days <= MOST_DAYS) return days;
  const allowed = `${LEAST_DAYS}d to ${MOST_DAYS}d`;
  return refuseParameter('window', `The window may have ${allowed} here.`, [allowed]);
}

const sumOf = (counts: readonly { readonly n: number }[]): number =>
  counts.reduce((sum, { n }) => sum + n, 0);
