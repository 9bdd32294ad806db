import { AGE_DIMENSION, AGES } from '../../../rules/age.js';
import { dateOfDay } from '../../../rules/day.js';
import { nameSaid } from '../../answers/name-said.js';
import { toDayRows, toEventRows, toUserRow } from '../../answers/user-export-rows.js';
import type {
  ExportCursor,
  ExportName,
  ExportPage,
  ExportQuestion,
  ExportRow,
} from '../../export-rows.js';
import { NO_PROJECT } from '../../no-project.js';
import { OTHER } from '../../../rules/limits.js';
import { type Connection, fromUuid, toUuid } from '../connection.js';
import { fromRow, USER_COLUMNS, type UserRow } from '../users-table.js';

/** Reads one table by its key. */
interface Source {
  readonly sql: string;
  /** The columns of the key, in the order of the export. */
  readonly key: readonly string[];
  readonly toRows: (connection: Connection, rows: never) => Promise<readonly ExportRow[]>;
}

interface CountRow {
  readonly slug: string | null;
  readonly project_id: number;
  readonly dim: string;
  readonly value: string;
  readonly age: number;
  readonly day: number;
  readonly ci: number;
  readonly gap: number;
  readonly kind: string;
  readonly n: number;
}

type KeyedUser = UserRow & { readonly slug: string };

/** A part of an export. Lanes are added up. */
export async function findExportPage(
  connection: Connection,
  { what, project, after, limit }: ExportQuestion,
): Promise<ExportPage> {
  const sources = SOURCES[what];
  const index = after === null ? 0 : Number(after[0]);
  const source = sources[index];
  if (source === undefined) return { rows: [], next: null };
  const given = after?.slice(1) ?? [];
  const list = source.key.join(', ');
  const marks = source.key.map((_, at) => `$${at + 3}`).join(', ');
  const from = given.length > 0 ? `AND (${list}) > (${marks})` : '';
  const key = given.map((part) => (part instanceof Uint8Array ? toUuid(part) : part));
  const found = await connection.all<Record<string, string | number>>(
    `SELECT * FROM (${source.sql}) rows
     WHERE ($1::text IS NULL OR slug = $1) ${from} ORDER BY ${list} LIMIT $2`,
    [project, limit, ...key],
  );
  const rows = await source.toRows(connection, found as never); // each source reads its own rows
  const last = found.at(-1);
  if (last !== undefined && found.length === limit) {
    const next = source.key.map((column) =>
      column === 'uid' ? fromUuid(String(last[column])) : (last[column] ?? 0),
    );
    return { rows, next: [index, ...next] satisfies ExportCursor };
  }
  return { rows, next: index + 1 < sources.length ? [index + 1] : null };
}

const SLUG = 'LEFT JOIN projects ON projects.id = project_id';

/** SQL for the rows of a rollup, by its key. */
const rollup = (table: string, key: string): string =>
  `SELECT slug, project_id, ${key}, sum(n) AS n FROM ${table} ${SLUG} GROUP BY slug, project_id, ${key}`;

const USERS = `SELECT ${USER_COLUMNS}, slug FROM users u JOIN projects ON projects.id = u.project_id`;

const users = (toRows: (one: KeyedUser, names: Names) => readonly ExportRow[]): Source => ({
  sql: USERS,
  key: ['project_id', 'uid'],
  toRows: async (connection, rows: readonly KeyedUser[]) => {
    const names = await readNames(connection, rows);
    return rows.flatMap((row) => toRows(row, names));
  },
});

const counts = (
  sql: string,
  key: readonly string[],
  toRow: (row: CountRow) => ExportRow,
): Source => ({
  ...{ sql, key },
  toRows: (_, rows: readonly CountRow[]) => Promise.resolve(rows.map(toRow)),
});

const exported = (row: KeyedUser) => ({
  project: row.slug,
  uid: fromUuid(row.uid),
  user: fromRow(row, (id) => id),
});

const SOURCES: Readonly<Record<ExportName, readonly Source[]>> = {
  users: [
    users((row, names) => {
      const name = (id: number): string => names.of(row.project_id, id)?.value ?? OTHER;
      return [toUserRow(exported(row), { os: name(row.os_id), version: name(row.version_id) })];
    }),
  ],
  days: [
    users((row, names) =>
      toDayRows(exported(row), (id) => names.of(row.project_id, id)?.value ?? OTHER),
    ),
  ],
  events: [
    users((row, names) => {
      const one = exported(row);
      const find = (id: number) => names.of(row.project_id, names.resolve(row.project_id, id));
      return toEventRows(one, nameSaid(one.user.said, find));
    }),
  ],
  rollups: [
    counts(rollup('gaps', 'ci, day, gap'), ['project_id', 'ci', 'day', 'gap'], (row) => ({
      ...{ project: row.slug, dimension: null, value: null, date: dateOfDay(row.day) },
      ...{ ci: row.ci === 1, gap: row.gap, people: row.n },
    })),
    counts(
      `SELECT slug, project_id, value_id, dim, value, day, gap, sum(n) AS n
       FROM value_gaps JOIN dims USING (project_id, value_id) ${SLUG}
       GROUP BY slug, project_id, value_id, dim, value, day, gap`,
      ['project_id', 'value_id', 'day', 'gap'],
      (row) => ({
        ...{ project: row.slug, dimension: row.dim, value: row.value, date: dateOfDay(row.day) },
        ...{ ci: false, gap: row.gap, people: row.n },
      }),
    ),
    counts(rollup('age_gaps', 'age, day, gap'), ['project_id', 'age', 'day', 'gap'], (row) => ({
      ...{ project: row.slug, dimension: AGE_DIMENSION, value: AGES[row.age] ?? '' },
      ...{ date: dateOfDay(row.day), ci: false, gap: row.gap, people: row.n },
    })),
  ],
  reports: [
    counts(rollup('report_days', 'ci, day'), ['project_id', 'ci', 'day'], (row) => ({
      ...{ project: row.slug, date: dateOfDay(row.day), ci: row.ci === 1, reports: row.n },
    })),
  ],
  quality: [
    counts(rollup('quality', 'day, kind'), ['project_id', 'day', 'kind'], (row) => ({
      ...{ project: row.project_id === NO_PROJECT ? null : row.slug },
      ...{ date: dateOfDay(row.day), kind: row.kind, reports: row.n },
    })),
  ],
};

interface NamedValue {
  readonly dimension: string;
  readonly value: string;
}

interface Names {
  of(projectId: number, valueId: number): NamedValue | undefined;
  resolve(projectId: number, valueId: number): number;
}

/** Reads all names of the projects of some users: an export needs most of them. */
async function readNames(connection: Connection, rows: readonly KeyedUser[]): Promise<Names> {
  const ids = [...new Set(rows.map(({ project_id }) => project_id))];
  const values = await connection.all<NamedValue & { project_id: number; id: number }>(
    `SELECT project_id, value_id AS id, dim AS dimension, value FROM dims
     WHERE project_id = ANY($1::int[])`,
    [ids],
  );
  const givenUp = await connection.all<{ project_id: number; id: number; other: number }>(
    `SELECT project_id, value_id AS id, other_id AS other FROM given_up
     WHERE project_id = ANY($1::int[])`,
    [ids],
  );
  const names = new Map(
    values.map(({ project_id, id, dimension, value }) => [
      `${project_id} ${id}`,
      { dimension, value },
    ]),
  );
  const others = new Map(
    givenUp.map(({ project_id, id, other }) => [`${project_id} ${id}`, other]),
  );
  return {
    of: (projectId, valueId) => names.get(`${projectId} ${valueId}`),
    resolve: (projectId, valueId) => others.get(`${projectId} ${valueId}`) ?? valueId,
  };
}
