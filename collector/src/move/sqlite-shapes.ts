import { COUNTS_SCHEMA } from '../store/sqlite/migrations/counts-schema.js';
import { MOVE } from '../store/moving/move-mark.js';

/** How SQLite has a table whose rows move otherwise. */
export interface SqliteShape {
  /** What is read in place of the table, named `t`. */
  readonly from?: string;
  /** Columns that are read by an expression. */
  readonly read?: Readonly<Record<string, string>>;
  /** The key as SQLite has it: the columns of a row, with what they are compared to. */
  readonly key?: readonly (readonly [column: string, expression: string])[];
  /** How rows are found by their key, where the key's expressions have no index. */
  readonly find?: (mark: (column: string) => string) => string;
  /** What is written into each column; by default the columns of the rows. */
  readonly write?: (mark: (column: string) => string) => Readonly<Record<string, string>>;
}

const SOURCES = ['machine', 'time', 'copied', 'given', 'ci'] as const;

/** As PostgreSQL has it: 1 for build farms, 2 and 4 for what is known of the ID, and its source. */
const FLAGS = `(t.ci
  + CASE t.id_persisted WHEN 1 THEN 2 WHEN 0 THEN 4 ELSE 0 END
  + CASE t.id_source ${SOURCES.map((name, at) => `WHEN '${name}' THEN ${(at + 1) * 8}`).join(' ')}
    ELSE 0 END)`;

const USER_COLUMNS = [
  ...['project_id', 'uid', 'first_seen', 'last_seen', 'first_day', 'last_day', 'older', 'runs'],
  ...['said', 'os_id', 'version_id', 'reports', 'lost', 'owner_hash'],
];

const users = (others: readonly string[]): SqliteShape => ({
  read: { bits: 'CAST(t.bits AS TEXT)', flags: FLAGS },
  write: (mark) => ({
    ...Object.fromEntries([...others, ...USER_COLUMNS].map((name) => [name, mark(name)])),
    bits: `CAST(${mark('bits')} AS INTEGER)`,
    ci: `${mark('flags')} & 1`,
    id_persisted: `CASE ${mark('flags')} & 6 WHEN 2 THEN 1 WHEN 4 THEN 0 END`,
    id_source: `CASE ${mark('flags')} >> 3
      ${SOURCES.map((name, at) => `WHEN ${at + 1} THEN '${name}'`).join(' ')} END`,
  }),
});

/** A table that has the ID of a value alone, which is its project's. */
const ofValues = (table: string, ...others: readonly string[]): SqliteShape => ({
  from: `(SELECT ${['value_id', ...others, 'n'].join(', ')}, project_id
    FROM ${table} CROSS JOIN dims ON dims.id = value_id) t`,
  key: ['value_id', ...others].map((column) => [column, `t.${column}`] as const),
  write: (mark) =>
    Object.fromEntries(['value_id', ...others, 'n'].map((name) => [name, mark(name)])),
});

/** When a database that is older got the migration that counts what reports say; see `saidSince()`. */
const SAID = 1 + COUNTS_SCHEMA.migrations.findIndex(({ name }) => name === 'said');
const SAID_SINCE = `
  SELECT 'said_since' AS name, CAST(applied_at AS TEXT) AS value FROM schema_migrations
  WHERE version = ${SAID} AND applied_at > (SELECT min(applied_at) FROM schema_migrations)`;

/** Lets a new database answer `saidSince()` as the one that its counts come from. */
export const SET_SAID_SINCE = `
  UPDATE schema_migrations SET applied_at = CASE WHEN version < ${SAID} THEN ?1 - 1 ELSE ?1 END`;

const NUMBERED = `('total', 'quality')`;

/** The tables that SQLite has otherwise than their rows move. */
export const SQLITE_SHAPES: Readonly<Partial<Record<string, SqliteShape>>> = {
  dims: {
    read: { value_id: 't.id' },
    key: [['value_id', 't.id']],
    write: (mark) => ({
      ...{ id: mark('value_id'), project_id: mark('project_id') },
      ...{ dim: mark('dim'), value: mark('value') },
    }),
  },
  given_up: {
    // Whose values a dimension without a place had is not known: see `findDropped()`.
    from: `(SELECT value_id, other_id, project_id FROM given_up CROSS JOIN dims ON dims.id = other_id) t`,
    key: [['value_id', 't.value_id']],
    write: (mark) => ({ value_id: mark('value_id'), other_id: mark('other_id') }),
  },
  users: users([]),
  cleaned_users: users(['cleaning']),
  seen_reports: {
    read: { key: 't.report_key' },
    key: [['key', 't.report_key']],
    write: (mark) => ({ report_key: mark('key'), day: mark('day') }),
  },
  latest: ofValues('latest'),
  newest_versions: ofValues('newest_versions', 'day'),
  value_gaps: ofValues('value_gaps', 'day', 'gap'),
  report_values: ofValues('report_values', 'day'),
  cleanings: {
    read: { cursor: `nullif(t.cursor, x'')` },
    write: (mark) => ({
      ...Object.fromEntries(
        ['n', 'id', 'project_id', 'selection', 'cleaned_at', 'until', 'state', 'done', 'total'].map(
          (name) => [name, mark(name)],
        ),
      ),
      cursor: `coalesce(${mark('cursor')}, x'')`,
      figures: mark('figures'),
    }),
  },
  cleaned_counts: {
    read: { key: 'CAST(t.key AS TEXT)' },
    key: [
      ['cleaning', 't.cleaning'],
      ['kind', 't.kind'],
      ['key', 'CAST(t.key AS TEXT)'],
      ['day', 't.day'],
    ],
    find: (mark) =>
      `t.cleaning = ${mark('cleaning')} AND t.kind = ${mark('kind')} AND t.day = ${mark('day')}
       AND t.key IN (${mark('key')}, CAST(${mark('key')} AS INTEGER))`,
    write: (mark) => ({
      ...Object.fromEntries(['cleaning', 'kind', 'day', 'n'].map((name) => [name, mark(name)])),
      key: `CASE WHEN ${mark('kind')} IN ${NUMBERED} THEN ${mark('key')}
        ELSE CAST(${mark('key')} AS INTEGER) END`,
    }),
  },
  about: {
    from: `(SELECT name, value FROM about WHERE name NOT IN ('log', '${MOVE}', 'said_since')
      UNION ALL ${SAID_SINCE}) t`,
  },
};
