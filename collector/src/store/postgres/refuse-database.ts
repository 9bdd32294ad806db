import { StoreSchemaError } from '../store-schema-error.js';
import { RECORDS } from './applied-migrations.js';
import type { Connection } from './connection.js';
import type { Migration } from './migrations/migration.js';

/**
 * Makes sure that a database has room for each text that a client may send.
 *
 * @throws `StoreSchemaError`
 */
export async function refuseEncoding(session: Connection): Promise<void> {
  const found = await session.get<{ encoding: string; database: string }>(
    `SELECT current_setting('server_encoding') AS encoding, quote_ident(current_database()) AS database`,
  );
  if (found === undefined || found.encoding === 'UTF8') return;
  throw new StoreSchemaError(
    `The database ${found.database} has the encoding ${found.encoding}, and counts need UTF8. Nothing was ` +
      `written. Make a database with: createdb --encoding UTF8 --template template0`,
  );
}

// What has one of these names has it in the way of a table, be it a view or a type. What says which
// steps a store has is the collector's own where it has checksums.
const FOREIGN = `
  SELECT quote_ident(current_schema()) AS schema, quote_ident(current_user) AS "user",
    string_agg(quote_ident(name), ', ' ORDER BY name) AS names
  FROM unnest($1::text[]) name, pg_namespace n
  WHERE n.nspname = current_schema() AND (
    EXISTS(SELECT FROM pg_class WHERE relnamespace = n.oid AND relname = name)
    OR EXISTS(SELECT FROM pg_type WHERE typnamespace = n.oid AND typname = name)
  ) AND NOT (name = '${RECORDS}' AND EXISTS(
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass(format('%I.%I', current_schema(), name)) AND attname = 'checksum'
  ))`;

/**
 * Makes sure that a schema has nothing of another program that steps would make.
 *
 * @param names - See {@link namesOf}.
 * @throws `StoreSchemaError`
 */
export async function refuseForeign(session: Connection, names: readonly string[]): Promise<void> {
  const found = await session.get<{ schema: string; user: string; names: string | null }>(FOREIGN, [
    names,
  ]);
  if (found === undefined || found.names === null) return;
  const { schema, user } = found;
  throw new StoreSchemaError(
    `The schema ${schema} has tables of another program with names that a collector uses: ${found.names}. Nothing ` +
      `was written. Give Headcount a database of its own, or a schema: CREATE SCHEMA headcount AUTHORIZATION ` +
      `${user}, and ?options=-c%20search_path%3Dheadcount at the end of the address`,
  );
}

/**
 * The names that steps give to what they make.
 *
 * @param isNew - Whether the store has none of them: else another node may have begun an index.
 */
export const namesOf = (steps: readonly Migration[], isNew: boolean): readonly string[] =>
  steps.flatMap((step) => {
    if (!('sql' in step)) return isNew ? [step.index] : [];
    return [...step.sql.matchAll(/\bCREATE (?:UNIQUE )?(?:TABLE|INDEX) (\w+)/g)].map(
      ([, name = '']) => name,
    );
  });
