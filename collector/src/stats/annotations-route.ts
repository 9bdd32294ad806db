import { type Static, Type } from 'typebox';
import { NOTE_KINDS } from '../access/annotations.js';
import { HIDDEN } from '../access/suppression.js';
import { isPreRelease } from '../rules/compare-versions.js';
import { dateOfDay, dayOfDate } from '../rules/day.js';
import { firstWhole } from '../rules/kept-spans.js';
import type { FirstDay } from '../store/questions.js';
import { columnsOf, formatParameter } from './answer.js';
import { toldMembers } from './told-members.js';
import {
  type Asked,
  type AskedAnnotations,
  type CountsReader,
  type Define,
  scopeMembers,
} from './define-question.js';
import { parameters, readDays } from './parameters.js';
import { lengthOf, type PublicCells } from './public-cells.js';
import { refuseDropped } from './refuse-dropped.js';
import { RESTRICTED_K } from './seen-groups.js';

/** Rows of an answer at most: those about the latest days. */
const MAX_ROWS = 500;

/** A version with people in so many days before its day was there already. */
const KNOWN_DAYS = 28;

/** Every question that tells annotations is asked with them. */
const NONE: AskedAnnotations = { notes: [], k: 1 };

const annotationsQuery = Type.Object(
  {
    ...scopeMembers,
    from: parameters.from,
    to: parameters.to,
    tz: parameters.tz,
    format: formatParameter,
  },
  { additionalProperties: false },
);

const nullable = <Schema extends Type.TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const OF_RELEASES = 'null for notes';
const OF_NOTES = 'null for releases';

/** The answer to `GET /v1/stats/annotations`. */
export const annotationsSchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    timezone: Type.String(),
    as_of: Type.String({ format: 'date-time' }),
    ...toldMembers,
    least_people: Type.Integer({
      minimum: 1,
      description: 'A release is the first day on which so many people had a version',
    }),
    left_out: Type.Integer({
      minimum: 0,
      description: `Annotations of earlier days beyond ${MAX_ROWS}`,
    }),
    rows: Type.Array(
      Type.Object(
        {
          project: Type.String(),
          date: Type.String({ format: 'date', description: 'Its day, or the first of its days' }),
          to: Type.String({ format: 'date', description: 'The last of its days' }),
          kind: Type.Enum(['release', ...NOTE_KINDS]),
          text: Type.String({ description: 'The note, or the version' }),
          version: nullable(Type.String(), OF_RELEASES),
          prerelease: nullable(Type.Boolean(), `Such as 2.0.0-rc.1; ${OF_RELEASES}`),
          people: nullable(
            Type.Integer({ minimum: 1 }),
            `Active on the day with the version; ${OF_RELEASES}`,
          ),
          id: nullable(Type.String(), OF_NOTES),
          public: nullable(Type.Boolean(), `Whether the public may see the note; ${OF_NOTES}`),
        },
        { additionalProperties: false },
      ),
      { description: 'In the order of their days; releases first' },
    ),
  },
  { additionalProperties: false },
);

type AnnotationRow = Static<typeof annotationsSchema>['rows'][number];

/** `GET /v1/stats/annotations`: what happened on which days: releases, and notes of administrators. */
export function defineAnnotations(define: Define): void {
  define({
    path: '/v1/stats/annotations',
    summary: 'The releases and notes to be shown beside a series',
    query: annotationsQuery,
    answer: annotationsSchema,
    rows: ({ rows }) => rows,
    columns: columnsOf(annotationsSchema),
    publicDimensions: () => ['version'],
    tellsAnnotations: true,
    handler: async (asked, query, store) => {
      const { project, zone, today, level, annotations = NONE } = asked;
      const { from, to } = readDays(query, 'day', today);
      const found =
        level === 'public'
          ? await publicReleases(asked, store)
          : await findReleases(asked, from, store);
      const all = [...found.releases.map(toReleaseRow), ...toNoteRows(annotations)]
        .filter((row) => (dayOfDate(row.to) ?? 0) >= from && (dayOfDate(row.date) ?? 0) <= to)
        .sort((a, b) => compare(a.date, b.date));
      return {
        ...{ project, timezone: zone, as_of: found.asOf.toISOString() },
        least_people: level === 'public' ? annotations.k : leastPeople(annotations),
        left_out: Math.max(0, all.length - MAX_ROWS),
        rows: all.slice(-MAX_ROWS),
      };
    },
  });
}

interface Releases {
  readonly asOf: Date;
  readonly releases: readonly FirstDay[];
}

/** A smaller group is shown to nobody, so that all tokens see the same days. */
const leastPeople = ({ k }: AskedAnnotations): number => Math.max(k, RESTRICTED_K);

async function findReleases(asked: Asked, from: number, store: CountsReader): Promise<Releases> {
  const { project, asOf, annotations = NONE } = asked;
  const question = { project, people: leastPeople(annotations), since: 0 };
  const { firstDays } = await store.together({ firstDays: question });
  await refuseDropped(store, { what: 'rollups', from: from - KNOWN_DAYS });
  const kept = await firstKept(store);
  // Of a version that had its people in the first days that are kept, the true first day is gone.
  const isTold = ({ version, day }: FirstDay): boolean =>
    day >= kept + KNOWN_DAYS && isPreRelease(version) !== null;
  return { asOf, releases: firstDays.filter(isTold) };
}

/**
 * What follows from the windows that the public sees: the first single day on which a version is
 * shown, unless it is shown in the first month of them.
 */
async function publicReleases(
  { project, cells: all, asOf }: Asked,
  store: CountsReader,
): Promise<Releases> {
  const cells = all?.['version'];
  if (project === null || cells === undefined) return { asOf, releases: [] };
  const kept = await firstKept(store);
  const month = cells.windows.findIndex((one) => lengthOf(one) === KNOWN_DAYS);
  const days = [...cells.windows.entries()].filter(([, one]) => lengthOf(one) === 1);
  const first = Math.max(cells.windows[month]?.firstDay ?? 0, kept) + KNOWN_DAYS;
  const releases = cells.groups.flatMap(({ group, counts }): FirstDay[] => {
    const shown = days.find(([at]) => isShownIn(counts, at));
    if (shown === undefined || isShownIn(counts, month)) return [];
    const [at, { lastDay: day }] = shown;
    // What is no version is joined of several values, or has no release.
    if (day < first || isPreRelease(group) === null) return [];
    return [{ project, version: group, day, people: counts[at] ?? 1 }];
  });
  return { asOf: cells.madeAt, releases };
}

/** The first day of which counts are kept; `-Infinity` if nothing was dropped. */
const firstKept = async (store: CountsReader): Promise<number> =>
  firstWhole(
    (await store.keptSpans()).filter(({ what }) => what === 'rollups'),
    Infinity,
  );

const isShownIn = (counts: PublicCells['groups'][number]['counts'], at: number): boolean =>
  (counts[at] ?? HIDDEN) > 0;

const toReleaseRow = ({ project, version, day, people }: FirstDay): AnnotationRow => ({
  ...{ project, date: dateOfDay(day), to: dateOfDay(day), kind: 'release', text: version },
  ...{ version, prerelease: isPreRelease(version), people, id: null, public: null },
});

const toNoteRows = ({ notes }: AskedAnnotations): AnnotationRow[] =>
  notes.map(({ project, note: { date, to, kind, text, id, public: isPublic } }) => ({
    ...{ project, date, to, kind, text, version: null, prerelease: null, people: null },
    ...{ id, public: isPublic },
  }));

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
