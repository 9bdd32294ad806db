import { createHash } from 'node:crypto';
import type { Database } from './database.js';

/** A migration of a schema. */
export interface Migration {
  /** For people. */
  readonly name: string;
  readonly sql: string;
  /**
   * Moves rows by code, after the SQL of all pending migrations and in the same transaction. It may
   * change for newer schemas, so it is not part of the checksum.
   */
  readonly move?: (db: Database, onProgress: (share: number) => void) => void;
}

/** The schema of a database, as its migrations. A published migration never changes. */
export interface Schema {
  /** For people: the name of the database's file. */
  readonly file: string;
  readonly migrations: readonly Migration[];
}

/** The progress of a migration. */
export interface MigrationProgress {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly step: string;
  /** How much of the step is done, from 0 to 1. */
  readonly share: number;
}

/** The last step. */
export const DONE = 'done';

/** The database belongs to another release. The message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

interface Applied {
  readonly version: number;
  readonly checksum: string | null;
}

/** The version of a database's schema; 0 if it has none. */
export function schemaVersion(db: Database): number {
  return readApplied(db).length;
}

/**
 * The pending migrations of a database.
 *
 * @throws {@link SchemaError} if another release has changed the schema.
 */
export function pendingMigrations(db: Database, schema: Schema): readonly Migration[] {
  const applied = readApplied(db);
  checkApplied(applied, schema);
  return schema.migrations.slice(applied.length);
}

/**
 * Brings the schema up to date, in one transaction.
 *
 * @param appliedAt - Written beside each migration, in milliseconds since 1970.
 * @throws {@link SchemaError}
 */
export function migrate(
  db: Database,
  schema: Schema,
  appliedAt: number,
  onProgress: (progress: MigrationProgress) => void = () => undefined,
): void {
  db.transaction(() => {
    const pending = pendingMigrations(db, schema);
    const from = schema.migrations.length - pending.length;
    const to = schema.migrations.length;
    const tell = (step: string, share: number): void =>
      onProgress({ file: schema.file, from, to, step, share });

    keepRecords(db, schema);
    const record = db.prepare(
      'INSERT INTO schema_migrations(version, applied_at, checksum) VALUES (?, ?, ?)',
    );
    for (const [index, migration] of pending.entries()) {
      tell(migration.name, 0);
      db.exec(migration.sql);
      record.run([from + index + 1, appliedAt, checksumOf(migration)]);
    }
    // Code that moves rows knows the newest schema only.
    for (const { name, move } of pending) move?.(db, (share) => tell(name, share));
    if (pending.length > 0) tell(DONE, 1);
  });
}

function readApplied(db: Database): Applied[] {
  const columns = db
    .prepare<{ name: string }>(`SELECT name FROM pragma_table_info('schema_migrations')`)
    .all();
  if (columns.length === 0) return [];
  const checksum = columns.some(({ name }) => name === 'checksum') ? 'checksum' : 'NULL';
  return db
    .prepare<Applied>(
      `SELECT version, ${checksum} AS checksum FROM schema_migrations ORDER BY version`,
    )
    .all();
}

function checkApplied(applied: readonly Applied[], { file, migrations }: Schema): void {
  if (applied.length > migrations.length) {
    throw new SchemaError(
      `${file} has schema ${applied.length}, made by a newer release; this one knows ${migrations.length}. ` +
        `Run that release again, or go back to a snapshot (${file}.before-*).`,
    );
  }
  for (const [index, { version, checksum }] of applied.entries()) {
    const migration = migrations[index];
    const isKnown = version === index + 1 && migration !== undefined;
    // Rows of the first releases have no checksum.
    if (isKnown && (checksum === null || checksum === checksumOf(migration))) continue;
    throw new SchemaError(
      `${file} was made by another build: its migration ${version} is not the one of this release. ` +
        `Run the build that made it, or go back to a snapshot (${file}.before-*).`,
    );
  }
}

/** Creates the table of applied migrations, or adds the checksums that first releases lack. */
function keepRecords(db: Database, { migrations }: Schema): void {
  db.exec(`CREATE TABLE IF NOT EXISTS schema_migrations(
    version INTEGER PRIMARY KEY,
    applied_at INTEGER NOT NULL,
    checksum TEXT
  )`);
  const find = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM pragma_table_info('schema_migrations') WHERE name = 'checksum'`,
  );
  if (find.get()?.n === 0) db.exec('ALTER TABLE schema_migrations ADD COLUMN checksum TEXT');
  const fill = db.prepare(
    'UPDATE schema_migrations SET checksum = ? WHERE version = ? AND checksum IS NULL',
  );
  for (const [index, migration] of migrations.entries()) {
    fill.run([checksumOf(migration), index + 1]);
  }
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}
