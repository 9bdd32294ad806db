import { createHash } from 'node:crypto';
import { SchemaError } from '../../sqlite/migrate.js';
import type { Connection } from './connection.js';
import { counts } from './migrations/0001-counts.js';
import { rollups } from './migrations/0002-rollups.js';
import { cleanings } from './migrations/0003-cleanings.js';
import { states } from './migrations/0004-states.js';
import { shared } from './migrations/0005-shared.js';

/** The migrations of a store on PostgreSQL. A published migration never changes. */
const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'counts', sql: counts },
  { name: 'rollups', sql: rollups },
  { name: 'cleanings', sql: cleanings },
  { name: 'states', sql: states },
  { name: 'shared', sql: shared },
];

/** One node migrates at a time. Any number that nothing else of the collector uses. */
const LOCK = 4_762_001;

/** How long a migration waits for statements of other nodes, in milliseconds. */
const LOCK_MS = 5000;

interface Applied {
  readonly version: number;
  readonly checksum: string;
}

/**
 * Brings the schema up to date, in one transaction.
 *
 * @param appliedAt - Written beside each migration, in milliseconds since 1970.
 * @throws `SchemaError` if another release has changed the schema.
 */
export async function migrate(connection: Connection, appliedAt: number): Promise<void> {
  await connection.exec('BEGIN');
  try {
    await connection.exec(`SELECT pg_advisory_xact_lock(${LOCK})`);
    // Others wait behind a change of a table that waits for a long statement.
    await connection.exec(`SET LOCAL lock_timeout = ${LOCK_MS}`);
    await connection.exec(RECORDS);
    const applied = await connection.all<Applied>(
      'SELECT version, checksum FROM schema_migrations ORDER BY version',
    );
    checkApplied(applied);
    for (const [index, { sql }] of MIGRATIONS.entries()) {
      if (index < applied.length) continue;
      await connection.exec(sql);
      await connection.run(
        'INSERT INTO schema_migrations(version, applied_at, checksum) VALUES ($1, $2, $3)',
        [index + 1, appliedAt, checksumOf(sql)],
      );
    }
    await connection.exec('COMMIT');
  } catch (error) {
    await connection.exec('ROLLBACK').catch(() => undefined); // the connection may be what failed
    throw error;
  }
}

const RECORDS = `
  SET LOCAL client_min_messages = warning;
  CREATE TABLE IF NOT EXISTS schema_migrations(
    version int PRIMARY KEY,
    applied_at int8 NOT NULL,
    checksum text NOT NULL
  );`;

function checkApplied(applied: readonly Applied[]): void {
  if (applied.length > MIGRATIONS.length) {
    throw new SchemaError(
      `The database has schema ${applied.length}, made by a newer release; this one knows ` +
        `${MIGRATIONS.length}. Run that release.`,
    );
  }
  for (const [index, { version, checksum }] of applied.entries()) {
    if (version === index + 1 && checksum === checksumOf(MIGRATIONS[index]?.sql ?? '')) continue;
    throw new SchemaError(
      `Schema ${version} of the database was made by another release. Run the release that made it.`,
    );
  }
}

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');
