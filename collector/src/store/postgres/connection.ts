import pg from 'pg';
import { StoreDownError } from '../../store-down-error.js';

/** Runs statements, one after the other. Parameters are `$1`, `$2` and so on. */
export interface Connection {
  all<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row. */
  get<Row>(sql: string, values?: readonly unknown[]): Promise<Row | undefined>;
  /** @returns How many rows were written. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  /** Runs several statements without parameters. */
  exec(sql: string): Promise<void>;
}

/** What can run a statement: a client of its own, or one of a pool. */
type Queryable = Pick<pg.ClientBase, 'query'>;

/** Creates the access to a client. Statements are prepared once on each. */
export function connectionOf(client: Queryable): Connection {
  // The caller knows the columns of its statement.
  const query = <Row>(sql: string, values: readonly unknown[] = []) =>
    client.query<Row & pg.QueryResultRow>({ name: nameOf(sql), text: sql, values: [...values] });
  return {
    all: async <Row>(sql: string, values?: readonly unknown[]) =>
      (await query<Row>(sql, values)).rows,
    get: async <Row>(sql: string, values?: readonly unknown[]) =>
      (await query<Row>(sql, values)).rows[0],
    run: async (sql, values) => (await query(sql, values)).rowCount ?? 0,
    exec: async (sql) => void (await client.query(sql)),
  };
}

const names = new Map<string, string>();

/** A name for a prepared statement: the client knows by it that it is prepared. */
function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = `s${names.size}`;
  names.set(sql, name);
  return name;
}

const INT8 = 20;
const NUMERIC = 1700;

/** Counts are numbers: the store's sums are far below 2^53. Bits are read as text. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary'): unknown =>
    oid === INT8 || oid === NUMERIC
      ? toNumber
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number))
    throw new StoreDownError(
      `The store cannot be used: ${text} is no number that a collector writes. Correct that row, or restore it.`,
    );
  return number;
}

/** A keyed hash as the column type `uuid` has it: 16 bytes. */
export function toUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The bytes of a `uuid`. */
export const fromUuid = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
