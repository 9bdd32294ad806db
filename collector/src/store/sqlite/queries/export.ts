import { AGE_DIMENSION, AGES } from '../../../rules/age.js';
import { dateOfDay } from '../../../rules/day.js';
import { OTHER } from '../../../rules/limits.js';
import type { Database } from '../../../sqlite/database.js';
import {
  type ExportedUser,
  toDayRows,
  toEventRows,
  toUserRow,
} from '../../answers/user-export-rows.js';
import type {
  ExportCursor,
  ExportName,
  ExportPage,
  ExportQuestion,
  ExportRow,
} from '../../export-rows.js';
import { NO_PROJECT } from '../../no-project.js';
import { fromRow, type UserRow } from '../users-table.js';
import { nameOf } from './name-of.js';
import { prepareSaidDays } from './said-days.js';

/** Reads one table by its key. */
interface Source {
  readonly sql: (hasCursor: boolean) => string;
  /** The key of a row, in the order of the table. */
  readonly keyOf: (row: never) => ExportCursor;
  readonly toRows: (row: never) => readonly ExportRow[];
}

type KeyedUser = UserRow & {
  readonly project_id: bigint;
  readonly uid: Buffer;
  readonly slug: string;
  readonly os: string;
  readonly version: string;
};

interface CountRow {
  readonly slug: string | null;
  readonly project_id: bigint;
  readonly value_id: bigint;
  readonly dim: string;
  readonly value: string;
  readonly day: bigint;
  readonly ci: bigint;
  readonly gap: bigint;
  readonly kind: string;
  readonly n: bigint;
}

type AgeRow = CountRow & { readonly age: bigint };

/** Prepares the export: each page reads one state, so that a slow reader holds up nothing. */
export function prepareExport(db: Database): (question: ExportQuestion) => ExportPage {
  const findProject = db.prepare<{ id: number }>('SELECT id FROM projects WHERE slug = ?');
  const value = db.prepare<{ value: string }>('SELECT value FROM dims WHERE id = ?');
  const otherOf = new Map<number, string>();
  const nameOfValue = (id: number): string => {
    const known = otherOf.get(id) ?? value.get([id])?.value ?? OTHER;
    if (otherOf.size > 10_000) otherOf.clear();
    otherOf.set(id, known);
    return known;
  };
  const sources = sourcesOf(nameOfValue, prepareSaidDays(db));

  return ({ what, project, after, limit }) => {
    // Values may have got other names since the page before.
    otherOf.clear();
    const projectId = project === null ? null : (findProject.get([project])?.id ?? -1);
    const names = sources[what];
    const index = after === null ? 0 : Number(after[0]);
    const source = names[index];
    if (source === undefined) return { rows: [], next: null };
    const key = after?.slice(1) ?? [];
    const found = db
      .prepare<never>(source.sql(key.length > 0), { bigints: true })
      .all([projectId, limit, ...key]);
    const rows = found.flatMap((row) => source.toRows(row));
    const last = found.at(-1);
    if (last !== undefined && found.length === limit) {
      return { rows, next: [index, ...source.keyOf(last)] };
    }
    return { rows, next: index + 1 < names.length ? [index + 1] : null };
  };
}

const page = (
  table: string,
  columns: string,
  key: readonly string[],
): ((hasCursor: boolean) => string) => {
  const list = key.join(', ');
  return (hasCursor) => {
    const marks = key.map((_, at) => `?${at + 3}`).join(', ');
    const from = hasCursor ? `AND (${list}) > (${marks})` : '';
    return `SELECT ${columns} FROM ${table} WHERE (?1 IS NULL OR project_id = ?1) ${from} ORDER BY ${list} LIMIT ?2`;
  };
};

const SLUG = '(SELECT slug FROM projects WHERE id = project_id) AS slug';

function sourcesOf(
  nameOfValue: (id: number) => string,
  toSaid: ReturnType<typeof prepareSaidDays>,
): Readonly<Record<ExportName, readonly Source[]>> {
  const users = {
    sql: page(
      'users',
      `users.*, ${SLUG}, ${nameOf('users.os_id')} AS os, ${nameOf('users.version_id')} AS version`,
      ['project_id', 'uid'],
    ),
    keyOf: ({ project_id, uid }: KeyedUser): ExportCursor => [Number(project_id), uid],
  };
  const day = (n: bigint): string => dateOfDay(Number(n));
  return {
    users: [{ ...users, toRows: (row: KeyedUser) => [toUserRow(toExported(row), row)] }],
    days: [{ ...users, toRows: (row: KeyedUser) => toDayRows(toExported(row), nameOfValue) }],
    events: [
      {
        ...users,
        toRows: (row: KeyedUser) => toEventRows(toExported(row), toSaid(fromRow(row).said)),
      },
    ],
    rollups: [
      {
        sql: page('gaps', `*, ${SLUG}`, ['project_id', 'ci', 'day', 'gap']),
        keyOf: (row: CountRow) => [row.project_id, row.ci, row.day, row.gap].map(Number),
        toRows: (row: CountRow) => [
          {
            ...{ project: row.slug, dimension: null, value: null, date: day(row.day) },
            ...{ ci: row.ci === 1n, gap: Number(row.gap), people: Number(row.n) },
          },
        ],
      },
      {
        sql: page(
          'value_gaps CROSS JOIN dims ON dims.id = value_gaps.value_id',
          `value_gaps.*, project_id, dim, value, ${SLUG}`,
          ['value_id', 'day', 'gap'],
        ),
        keyOf: (row: CountRow) => [row.value_id, row.day, row.gap].map(Number),
        toRows: (row: CountRow) => [
          {
            ...{ project: row.slug, dimension: row.dim, value: row.value, date: day(row.day) },
            ...{ ci: false, gap: Number(row.gap), people: Number(row.n) },
          },
        ],
      },
      {
        sql: page('age_gaps', `*, ${SLUG}`, ['project_id', 'age', 'day', 'gap']),
        keyOf: (row: AgeRow) => [row.project_id, row.age, row.day, row.gap].map(Number),
        toRows: (row: AgeRow) => [
          {
            ...{ project: row.slug, dimension: AGE_DIMENSION, value: AGES[Number(row.age)] ?? '' },
            ...{ date: day(row.day), ci: false, gap: Number(row.gap), people: Number(row.n) },
          },
        ],
      },
    ],
    reports: [
      {
        sql: page('report_days', `*, ${SLUG}`, ['project_id', 'ci', 'day']),
        keyOf: (row: CountRow) => [row.project_id, row.ci, row.day].map(Number),
        toRows: (row: CountRow) => [
          { project: row.slug, date: day(row.day), ci: row.ci === 1n, reports: Number(row.n) },
        ],
      },
    ],
    quality: [
      {
        sql: page('quality', `*, ${SLUG}`, ['project_id', 'day', 'kind']),
        keyOf: (row: CountRow) => [Number(row.project_id), Number(row.day), row.kind],
        toRows: (row: CountRow) => [
          {
            ...{ project: Number(row.project_id) === NO_PROJECT ? null : row.slug },
            ...{ date: day(row.day), kind: row.kind, reports: Number(row.n) },
          },
        ],
      },
    ],
  };
}

const toExported = (row: KeyedUser): ExportedUser => ({
  project: row.slug,
  uid: row.uid,
  user: fromRow(row),
});
