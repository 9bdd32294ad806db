import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { hasCode } from '../has-code.js';
import { isRecord } from '../is-record.js';
import { isDamaged, LockFileError } from './failure.js';
import { noteLostLog } from './note-lost-log.js';

/** The values that can be bound. Callers convert booleans and dates. */
export type BindValue = string | number | bigint | Uint8Array | null;

export type BindValues = readonly BindValue[];

/** A prepared statement. The caller is responsible for the type `Row`. */
export interface Statement<Row> {
  run(values?: BindValues): { changes: number; lastInsertRowid: number };
  get(values?: BindValues): Row | undefined;
  all(values?: BindValues): Row[];
}

export interface StatementOptions {
  /**
   * Whether integers come back as `bigint`, which 64-bit columns need.
   *
   * @default false
   */
  bigints?: boolean;
}

/**
 * The only access to the SQLite binding. libsql aborts the process when it gets a lone Buffer or a
 * boolean, and stores whole JavaScript numbers as REAL. So values are checked and passed as an
 * array, whole numbers as `bigint`, and blobs are returned as Buffer.
 */
export interface Database {
  prepare<Row = never>(sql: string, options?: StatementOptions): Statement<Row>;
  exec(sql: string): void;
  /** Runs `work` in one `BEGIN IMMEDIATE` transaction and rolls back if it throws. */
  transaction<Result>(work: () => Result): Result;
  /** Runs `work`, which must only read, on one state of the database. */
  snapshot<Result>(work: () => Result): Result;
  close(): void;
}

export interface WriterOptions {
  /** Pages the write-ahead log may hold before they are moved into the database file. */
  walPages: number;
  /**
   * Memory for pages of the database, in KiB. It is allocated when needed.
   *
   * @default SQLite's own, 2 MiB
   */
  cacheKib?: number;
  /**
   * The largest size of the database file, in bytes. Larger writes fail with `SQLITE_FULL`.
   *
   * @default no limit but the disk's
   */
  maxBytes?: number;
}

const PAGE_BYTES = 4096;

/** The system has the pages of a file in memory anyway, once for all connections. */
const READER_CACHE_KIB = 512;

/** After a kill, the connection that comes first recovers the log, and the others wait for it. */
const WAIT = 'PRAGMA busy_timeout = 5000';

/** Opens the one connection that writes to `path`. A commit is on disk when it returns. */
export function openWriter(path: string, options: WriterOptions): Database {
  const isNew = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
  // While a collector has it open there is a log, and after a kill too.
  const hadLog = existsSync(`${path}-wal`);
  const db = connect(path);
  db.exec(WAIT);
  // On other files it has no effect but a write; see `rebuildToGiveBack()`.
  if (isNew) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  // Overwrites deleted rows in their page, so that a deleted user is gone from the file.
  db.exec('PRAGMA secure_delete = FAST');
  db.exec(`PRAGMA wal_autocheckpoint = ${options.walPages}`);
  if (options.cacheKib !== undefined) db.exec(`PRAGMA cache_size = -${options.cacheKib}`);
  if (options.maxBytes !== undefined) {
    db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxBytes / PAGE_BYTES))}`);
  }
  if (!isNew && !hadLog) noteLostLog(db);
  // Afterwards the caller decides how long a lock of another process is waited for.
  db.exec('PRAGMA busy_timeout = 0');
  return wrap(db);
}

/** Opens a connection that cannot write. The writer must have been opened before. */
export function openReader(path: string): Database {
  // The binding ignores its own `readonly` option.
  const db = connect(`${pathToFileURL(path).href}?mode=ro`);
  db.exec(WAIT);
  db.exec('PRAGMA query_only = ON');
  db.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`);
  return wrap(db);
}

/**
 * Opens a database for reading, while another process may open it for writing at any moment. It can
 * leave an empty log beside a database that nobody uses.
 */
export function openShared(path: string): Database {
  const url = pathToFileURL(path).href;
  const db = new Libsql(`${url}?mode=ro`);
  try {
    db.exec(WAIT);
    db.exec('SELECT 1 FROM sqlite_schema LIMIT 1');
    return wrap(db);
  } catch (error) {
    db.close();
    if (!hasCode(error, 'SQLITE_CANTOPEN', 'SQLITE_READONLY') || existsSync(`${path}-wal`)) {
      throw error;
    }
    // Nothing can be written beside it, so nobody writes it.
    return wrap(new Libsql(`${url}?mode=ro&immutable=1`));
  }
}

/** Like {@link copyDatabase}, of a database that {@link openShared} opens. */
export function copyShared(from: string, to: string): void {
  const db = openShared(from);
  try {
    db.prepare('VACUUM INTO ?').run([to]);
  } finally {
    db.close();
  }
}

/** Opens a new file that is written once and synced by the caller. */
export function openDraft(path: string): Database {
  const db = new Libsql(path);
  db.exec('PRAGMA journal_mode = OFF');
  db.exec('PRAGMA synchronous = OFF');
  return wrap(db);
}

/** Opens a database for reading, in use or not, without leaving files beside it. */
export function openBystander(path: string): Database {
  return wrap(openUnwritten(path));
}

/** Opens a database for reading that no process uses, without leaving files beside it. */
export function openUnused(path: string): Database {
  const url = pathToFileURL(path).href;
  return wrap(new Libsql(`${url}?${hasLog(path) ? 'mode=ro' : 'mode=ro&immutable=1'}`));
}

/** Whether a database has a write-ahead log with content. */
export function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * Copies the current state of a database, in use or not, to a new file. The copy is not synced to
 * the disk yet when this returns.
 */
export function copyDatabase(from: string, to: string): void {
  const db = openUnwritten(from);
  try {
    db.prepare('VACUUM INTO ?').run([to]);
  } finally {
    db.close();
  }
}

/**
 * Locks a file against other processes. The system releases the lock when this process dies.
 *
 * @throws {@link LockFileError}, or an error that `isLocked()` knows, if another process holds it.
 */
export function openLock(path: string): Pick<Database, 'close'> {
  const db = connect(path);
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isDamaged(error)) throw new LockFileError(path, { cause: error });
    throw error;
  }
  return wrap(db);
}

/** Opens a database that lives in memory only, for tests. */
export function openMemory(): Database {
  return wrap(connect(':memory:'));
}

function openUnwritten(path: string): Libsql.Database {
  // The file exists while a process has the database open. Without it, SQLite would create it.
  const isInUse = existsSync(`${path}-wal`);
  const options = isInUse ? 'mode=ro' : 'mode=ro&immutable=1';
  const db = connect(`${pathToFileURL(path).href}?${options}`);
  db.exec(WAIT);
  return db;
}

function connect(path: string): Libsql.Database {
  return asError(() => new Libsql(path));
}

/** Some functions of the binding throw an object in place of an error. */
function asError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error || !isRecord(error)) throw error;
    const { message, code } = error;
    const text = typeof message === 'string' ? message : JSON.stringify(error);
    throw Object.assign(new Error(text), { code });
  }
}

function wrap(db: Libsql.Database): Database {
  return {
    prepare: <Row>(sql: string, { bigints = false }: StatementOptions = {}): Statement<Row> => {
      const statement = db.prepare(sql).safeIntegers(bigints);
      const names = statement.reader
        ? asError(() => statement.raw().columns()).map(({ name }) => name)
        : [];
      const toRow = (values: unknown): Row => rowOf(names, values as readonly unknown[]) as Row;
      return {
        run: (values = []) => {
          const { changes, lastInsertRowid } = statement.run(toParameters(values));
          return { changes, lastInsertRowid: Number(lastInsertRowid) };
        },
        get: (values = []) => {
          const row = statement.get(toParameters(values));
          return row === undefined ? undefined : toRow(row);
        },
        all: (values = []) => statement.all(toParameters(values)).map(toRow),
      };
    },
    exec: (sql) => void db.exec(sql),
    transaction: (work) => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // After a full disk, SQLite has rolled back already.
        if (db.inTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    snapshot: (work) => {
      db.exec('BEGIN');
      try {
        return work();
      } finally {
        db.exec('COMMIT');
      }
    },
    close: () => asError(() => void db.close()),
  };
}

// The binding needs half the time for rows as arrays. It returns blobs as Buffer or as ArrayBuffer,
// depending on the method.
function rowOf(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  names.forEach((name, at) => {
    const value = values[at];
    row[name] = value instanceof ArrayBuffer ? Buffer.from(value) : value;
  });
  return row;
}

function toParameters(values: BindValues): BindValue[] {
  return values.map((value: unknown, index) => {
    if (typeof value === 'number') {
      if (Number.isInteger(value)) return BigInt(value);
      if (Number.isFinite(value)) return value;
    } else if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'bigint' ||
      value instanceof Uint8Array
    ) {
      return value;
    }
    throw new TypeError(`Parameter ${index + 1} cannot be bound: it is ${describe(value)}.`);
  });
}

function describe(value: unknown): string {
  return typeof value === 'number' ? 'not a finite number' : `of type ${typeof value}`;
}
