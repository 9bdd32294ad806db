import type { BindValue, Database, Statement } from '../sqlite/database.js';
import type { MovedRow, RowReader, RowsOfTable } from '../store/moving/move-side.js';
import type { ColumnKind, MovedTable } from '../store/moving/moved-tables.js';
import { SQLITE_SHAPES, type SqliteShape } from './sqlite-shapes.js';

/** Reads and writes rows of `counts.db`. */
export interface SqliteRows extends RowReader {
  /** Writes rows. Use it inside a transaction. */
  insert(some: RowsOfTable): void;
}

const quoted = (name: string): string => `"${name}"`;

const shapeOf = ({ name }: MovedTable): SqliteShape => SQLITE_SHAPES[name] ?? {};

/** The key as SQLite has it: columns of a row, and what they are compared to. */
function keyOf(table: MovedTable): readonly (readonly [column: string, expression: string])[] {
  const { key } = shapeOf(table);
  return key ?? table.key.map((column) => [column, `t.${quoted(column)}`] as const);
}

const isOfBytes = (kind: ColumnKind | undefined): boolean => kind === 'uid' || kind === 'bytes';

/** A parameter that has the value of a column. */
const markOf = ({ columns }: MovedTable, column: string, number: number): string =>
  isOfBytes(columns[column]) ? `unhex(?${number})` : `?${number}`;

function selectOf(table: MovedTable): string {
  const { from = `${table.name} t`, read = {} } = shapeOf(table);
  const columns = Object.entries(table.columns).map(([name, kind]) => {
    const column = read[name] ?? `t.${quoted(name)}`;
    // The binding needs many times longer for bytes than for text. The digits of NULL are none.
    const digits = `CASE WHEN ${column} IS NULL THEN NULL ELSE lower(hex(${column})) END`;
    return `${isOfBytes(kind) ? digits : column} AS ${quoted(name)}`;
  });
  return `SELECT ${columns.join(', ')} FROM ${from}`;
}

function pageSql(table: MovedTable, hasAfter: boolean): string {
  const key = keyOf(table);
  const list = key.map(([, expression]) => expression).join(', ');
  const marks = key.map(([column], at) => markOf(table, column, at + 2)).join(', ');
  return `${selectOf(table)} ${hasAfter ? `WHERE (${list}) > (${marks})` : ''}
    ORDER BY ${list} LIMIT ?1`;
}

function findSql(table: MovedTable): string {
  const key = keyOf(table);
  const mark = (column: string): string => {
    const at = key.findIndex(([name]) => name === column);
    return markOf(table, column, at + 1);
  };
  const where =
    shapeOf(table).find?.(mark) ??
    key.map(([column, expression]) => `${expression} = ${mark(column)}`).join(' AND ');
  return `${selectOf(table)} WHERE ${where}`;
}

function insertSql(table: MovedTable): string {
  const names = Object.keys(table.columns);
  const mark = (column: string): string => markOf(table, column, names.indexOf(column) + 1);
  const { write } = shapeOf(table);
  const values = write?.(mark) ?? Object.fromEntries(names.map((name) => [name, mark(name)]));
  return `INSERT INTO ${table.name}(${Object.keys(values).map(quoted).join(', ')})
    VALUES (${Object.values(values).join(', ')})`;
}

/** Creates the access to the rows on a connection. */
export function createSqliteRows(db: Database): SqliteRows {
  const statements = new Map<string, Statement<MovedRow>>();
  const prepared = (sql: string): Statement<MovedRow> => {
    let statement = statements.get(sql);
    if (statement === undefined) statements.set(sql, (statement = db.prepare(sql)));
    return statement;
  };
  return {
    count: (table) => {
      const { from = table.name } = shapeOf(table);
      return db.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${from}`).get()?.n ?? 0;
    },
    page: (table, after, limit) => {
      const key = after === null ? [] : keyOf(table).map(([column]) => valueOf(after, column));
      return prepared(pageSql(table, after !== null)).all([limit, ...key]);
    },
    find: (table, keys) => {
      const find = prepared(findSql(table));
      const key = keyOf(table);
      return keys.flatMap((row) => {
        const found = find.get(key.map(([column]) => valueOf(row, column)));
        return found === undefined ? [] : [found];
      });
    },
    insert: ({ table, rows }) => {
      const insert = prepared(insertSql(table));
      const names = Object.keys(table.columns);
      for (const row of rows) insert.run(names.map((name) => valueOf(row, name)));
    },
  };
}

const valueOf = (row: MovedRow, column: string): BindValue => row[column] ?? null;
