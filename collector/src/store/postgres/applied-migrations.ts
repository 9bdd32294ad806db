import { createHash } from 'node:crypto';
import { StoreSchemaError } from '../store-schema-error.js';
import type { Connection } from './connection.js';
import type { Migration } from './migrations/migration.js';

/** A step that a store has. */
interface Applied {
  readonly version: number;
  readonly checksum: string;
  readonly works_from: number;
}

/** The table that says which steps a store has. */
export const RECORDS = 'schema_migrations';

// What `ALTER` would lock is read by each look at the health of a node.
const HAS_RECORDS = `
  SELECT current_schema() AS schema, (
    SELECT count(*) = 2 FROM pg_attribute
    WHERE attrelid = to_regclass(quote_ident(current_schema()) || '.${RECORDS}')
      AND attname IN ('checksum', 'works_from')
  ) AS "isThere"`;

const MAKE_RECORDS = `
  SET client_min_messages = warning;
  CREATE TABLE IF NOT EXISTS ${RECORDS}(
    version int PRIMARY KEY,
    applied_at int8 NOT NULL,
    checksum text NOT NULL
  );
  ALTER TABLE ${RECORDS} ADD COLUMN IF NOT EXISTS works_from int NOT NULL DEFAULT 1;`;

/** Whether a store says which steps it has. */
export async function hasRecords(session: Connection): Promise<boolean> {
  const found = await session.get<{ schema: string | null; isThere: boolean }>(HAS_RECORDS);
  if (found?.schema === null) {
    // As the server says where tables are made: too late for locks, which a schema names.
    throw Object.assign(new Error('no schema has been selected to create in'), { code: '3F000' });
  }
  return found?.isThere === true;
}

/** Makes what says it. */
export const makeRecords = (session: Connection): Promise<void> => session.exec(MAKE_RECORDS);

/**
 * Reads the versions of the steps that a store has.
 *
 * @throws `StoreSchemaError` if a release that knows some steps cannot work with them.
 */
export async function readApplied(
  session: Connection,
  known: readonly Migration[],
): Promise<ReadonlySet<number>> {
  const applied = await session.all<Applied>(
    'SELECT version, checksum, works_from FROM schema_migrations ORDER BY version',
  );
  const worksFrom = applied.reduce((most, one) => Math.max(most, one.works_from), 0);
  if (worksFrom > known.length) {
    throw new StoreSchemaError(
      `The store has a schema that needs a release which knows schema ${worksFrom}; this one knows ` +
        `${known.length}. Run the newer release.`,
    );
  }
  for (const { version, checksum } of applied) {
    const migration = known[version - 1];
    if (migration === undefined || checksumOf(migration) === checksum) continue;
    throw new StoreSchemaError(
      `Schema ${version} of the store was made by another release. Run the release that made it.`,
    );
  }
  return new Set(applied.map(({ version }) => version));
}

/**
 * Makes sure that a release knows all that a store has, as it must to copy it.
 *
 * @throws `StoreSchemaError`
 */
export async function refuseLater(session: Connection, known: readonly Migration[]): Promise<void> {
  const last = await session.get<{ version: number }>(
    'SELECT max(version) AS version FROM schema_migrations',
  );
  if (last === undefined || last.version <= known.length) return;
  throw new StoreSchemaError(
    `The store has schema ${last.version}, made by a newer release; this one knows ` +
      `${known.length}. Run that release.`,
  );
}

/** Keeps that a store has a step. */
export async function recordApplied(
  session: Connection,
  version: number,
  migration: Migration,
  appliedAt: number,
): Promise<void> {
  await session.run(
    `INSERT INTO schema_migrations(version, applied_at, checksum, works_from)
     VALUES ($1, $2, $3, $4)`,
    [version, appliedAt, checksumOf(migration), worksFromOf(migration)],
  );
}

const worksFromOf = (migration: Migration): number =>
  ('sql' in migration ? migration.worksFrom : undefined) ?? 1;

const checksumOf = (migration: Migration): string =>
  createHash('sha256')
    .update('sql' in migration ? migration.sql : `${migration.index} ${migration.on}`)
    .digest('hex');
