import type { MovedRow, RowReader, RowsOfTable } from '../moving/move-side.js';
import type { ColumnKind, MovedTable } from '../moving/moved-tables.js';
import { MOVE } from '../moving/move-mark.js';
import type { Connection } from './connection.js';

/** Reads and writes rows of a store. */
export interface PostgresRows extends RowReader {
  /** Writes rows. Use it inside a transaction. */
  insert(some: RowsOfTable): Promise<void>;
}

const ARRAYS: Readonly<Record<ColumnKind, string>> = {
  ...{ number: 'int8[]', text: 'text[]', uid: 'uuid[]', bytes: 'bytea[]', bits: 'int8[]' },
};

/** The lane of no node. */
const LANE = 0;

const quoted = (name: string): string => `"${name}"`;

/** What a table has that does not move. */
const WHERE: Readonly<Partial<Record<string, string>>> = {
  about: `t.name NOT IN ('${MOVE}')`,
};

function columnsOf({ columns, isCounted }: MovedTable): string {
  return Object.entries(columns)
    .map(([name, kind]) => {
      const column = `t.${quoted(name)}`;
      const as = `AS ${quoted(name)}`;
      if (isCounted && name === 'n') return 'sum(t.n) AS n';
      if (kind === 'uid') return `replace(${column}::text, '-', '') ${as}`;
      if (kind === 'bytes') return `encode(${column}, 'hex') ${as}`;
      return kind === 'bits' ? `${column}::text ${as}` : column;
    })
    .join(', ');
}

const keyOf = ({ key }: MovedTable): string => key.map((name) => `t.${quoted(name)}`).join(', ');

const groupOf = (table: MovedTable): string => (table.isCounted ? `GROUP BY ${keyOf(table)}` : '');

function pageSql(table: MovedTable, hasAfter: boolean): string {
  const marks = table.key.map((_, at) => `$${at + 2}`);
  const after = hasAfter ? `(${keyOf(table)}) > (${marks.join(', ')})` : 'true';
  return `SELECT ${columnsOf(table)} FROM ${table.name} t
    WHERE ${after} AND ${WHERE[table.name] ?? 'true'}
    ${groupOf(table)} ORDER BY ${keyOf(table)} LIMIT $1`;
}

function unnestOf(table: MovedTable, names: readonly string[]): string {
  const arrays = names.map((name, at) => `$${at + 1}::${ARRAYS[table.columns[name] ?? 'text']}`);
  return `unnest(${arrays.join(', ')}) k(${names.map(quoted).join(', ')})`;
}

function findSql(table: MovedTable): string {
  const on = table.key.map((name) => `t.${quoted(name)} = k.${quoted(name)}`).join(' AND ');
  return `SELECT ${columnsOf(table)} FROM ${unnestOf(table, table.key)}
    JOIN ${table.name} t ON ${on} ${groupOf(table)}`;
}

function insertSql(table: MovedTable): string {
  const names = Object.keys(table.columns);
  const list = names.map(quoted).join(', ');
  const more = table.isCounted
    ? [', lane', `, ${LANE}`]
    : table.name === 'positions'
      ? [', newest_day', `, ${NO_DAY}`]
      : ['', ''];
  // A dimension's values without a place may be found several times.
  const conflict = table.name === 'given_up' ? 'ON CONFLICT DO NOTHING' : '';
  return `INSERT INTO ${table.name}(${list}${more[0]}) OVERRIDING SYSTEM VALUE
    SELECT ${list}${more[1]} FROM ${unnestOf(table, names)} ${conflict}`;
}

/** Before every day that a report can have; set when all rows are there. */
const NO_DAY = -1e9;

function arrayOf(table: MovedTable, name: string, rows: readonly MovedRow[]): unknown[] {
  const isOfBytes = table.columns[name] === 'bytes';
  return rows.map((row) => {
    const value = row[name] ?? null;
    return isOfBytes && value !== null ? `\\x${value}` : value;
  });
}

/** Creates the access to the rows on a connection. */
export function createPostgresRows(connection: Connection): PostgresRows {
  return {
    count: async (table) => {
      const { key, name, isCounted } = table;
      const what = isCounted ? `SELECT DISTINCT ${key.map(quoted).join(', ')}` : 'SELECT';
      const row = await connection.get<{ n: number }>(
        `SELECT count(*) AS n FROM (${what} FROM ${name} t WHERE ${COUNTED[name] ?? 'true'}) rows`,
      );
      return row?.n ?? 0;
    },
    page: (table, after, limit) => {
      const key =
        after === null ? [] : table.key.map((name) => arrayOf(table, name, [after])[0] ?? null);
      return connection.all<MovedRow>(pageSql(table, after !== null), [limit, ...key]);
    },
    find: (table, keys) =>
      connection.all<MovedRow>(
        findSql(table),
        table.key.map((name) => arrayOf(table, name, keys)),
      ),
    insert: async ({ table, rows }) => {
      if (rows.length === 0) return;
      const names = Object.keys(table.columns);
      await connection.run(
        insertSql(table),
        names.map((name) => arrayOf(table, name, rows)),
      );
    },
  };
}

/** Which rows are counted, beside {@link WHERE}: SQLite has the others otherwise. */
const COUNTED: Readonly<Partial<Record<string, string>>> = {
  ...WHERE,
  given_up: 'other_id <> 0',
};
