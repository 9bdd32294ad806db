import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { copyDatabase, type Database, openBystander, openWriter } from './database.js';
import { isFull } from './failure.js';
import { closeWriter } from './log-mark.js';
import {
  migrate,
  type MigrationProgress,
  pendingMigrations,
  type Schema,
  schemaVersion,
} from './migrate.js';
import { type Snapshot, takeSnapshot } from './snapshot.js';

/** The result of a migration. */
export interface SchemaChange {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** The names of the migrations. */
  readonly migrations: readonly string[];
  /** The rows of each table, before and after. */
  readonly rows: readonly TableChange[];
  /** The copy made before; `null` for an empty database. */
  readonly snapshot: string | null;
  readonly snapshotBytes: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** The temporary room it took besides the database and its snapshot, in bytes. */
  readonly logBytes: number;
  readonly tookMs: number;
}

export interface TableChange {
  readonly table: string;
  /** 0 if it is new. */
  readonly before: number;
  /** 0 if it was removed. */
  readonly after: number;
}

interface SchemaChangeOptions {
  readonly now: () => Date;
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined;
}

/** The disk has no room for a migration. Nothing was changed. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

const WAL_PAGES = 16_000;
const CACHE_KIB = 64 * 1024;

/**
 * Brings the schema of a database up to date, completely or not at all. A database with rows is
 * copied to a snapshot first. No other process may have it open.
 *
 * @returns `null` if the database is up to date or does not exist.
 * @throws `SchemaError`, {@link NoRoomError}, or what SQLite throws.
 */
export function bringUpToDate(
  path: string,
  schema: Schema,
  options: SchemaChangeOptions,
): SchemaChange | null {
  if (!existsSync(path)) return null;
  const db = openWriter(path, { walPages: WAL_PAGES, cacheKib: CACHE_KIB });
  try {
    return change(db, path, schema, options);
  } catch (cause) {
    if (!isFull(cause)) throw cause;
    throw new NoRoomError(
      `${path} must be brought from schema ${schemaVersion(db)} to ${schema.migrations.length}, and its disk has no room for that: ` +
        `it takes ${toMegabytes(bytesOf(path))} for a snapshot and as much or more for the change. ` +
        'Nothing was changed. Make room and start again; headcount-collector migrate --rehearse tells how much it takes.',
      { cause },
    );
  } finally {
    closeWriter(db);
  }
}

function change(
  db: Database,
  path: string,
  schema: Schema,
  { now, onProgress = () => undefined }: SchemaChangeOptions,
): SchemaChange | null {
  const pending = pendingMigrations(db, schema);
  if (pending.length === 0) {
    migrate(db, schema, now().getTime());
    return null;
  }
  const startedAt = performance.now();
  const to = schema.migrations.length;
  const from = to - pending.length;
  const before = countRows(db);
  const bytesBefore = bytesOf(path);
  let snapshot: Snapshot | null = null;
  if (from > 0 && [...before.values()].some((rows) => rows > 0)) {
    onProgress({ file: schema.file, from, to, step: 'snapshot', share: 0 });
    snapshot = takeSnapshot(path, to, now());
  }
  try {
    migrate(db, schema, now().getTime(), onProgress);
  } catch (error) {
    // The database has not changed, so the copy is not needed.
    if (snapshot?.isNew === true) rmSync(snapshot.path);
    throw error;
  }
  const logBytes = bytesOf(`${path}-wal`);
  giveBackLog(db);
  return {
    file: schema.file,
    from,
    to,
    migrations: pending.map(({ name }) => name),
    rows: compareRows(before, countRows(db)),
    snapshot: snapshot?.path ?? null,
    snapshotBytes: snapshot === null ? 0 : bytesOf(snapshot.path),
    bytesBefore,
    bytesAfter: bytesOf(path),
    logBytes,
    tookMs: performance.now() - startedAt,
  };
}

/** If the disk is full, the change stays in the log, and later writes move it. */
function giveBackLog(db: Database): void {
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isFull(error)) throw error;
  }
}

/** The rows of each table, without SQLite's tables and the table of migrations. */
export function countRows(db: Database): ReadonlyMap<string, number> {
  const tables = db
    .prepare<{ name: string }>(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name <> 'schema_migrations'
       ORDER BY name`,
    )
    .all();
  return new Map(
    tables.map(({ name }) => [
      name,
      db.prepare<{ n: number }>(`SELECT count(*) AS n FROM "${name}"`).get()?.n ?? 0,
    ]),
  );
}

function compareRows(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): TableChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((table) => ({
    table,
    before: before.get(table) ?? 0,
    after: after.get(table) ?? 0,
  }));
}

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Migrates a copy of a database in the system's folder for temporary files, and removes the copy.
 * The database is only read, and may be in use.
 *
 * @returns What `bringUpToDate()` would do.
 * @throws What `bringUpToDate()` would throw.
 */
export function rehearse(
  path: string,
  schema: Schema,
  options: SchemaChangeOptions,
): SchemaChange | null {
  if (!existsSync(path) || !hasPending(path, schema)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'headcount-rehearsal-'));
  try {
    const copy = join(folder, basename(path));
    copyToRehearse(path, copy);
    const change = bringUpToDate(copy, schema, options);
    return change && { ...change, bytesBefore: statSync(path).size };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function copyToRehearse(path: string, copy: string): void {
  try {
    copyDatabase(path, copy);
  } catch (cause) {
    if (!isFull(cause)) throw cause;
    throw new NoRoomError(
      `A copy of ${path} has no room in ${tmpdir()}. Set TMPDIR to a folder with more room.`,
      { cause },
    );
  }
}

function hasPending(path: string, schema: Schema): boolean {
  const db = openBystander(path);
  try {
    return pendingMigrations(db, schema).length > 0;
  } finally {
    db.close();
  }
}

/** Formats a size for people. */
export const toMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
