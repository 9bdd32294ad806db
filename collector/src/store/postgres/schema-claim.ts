import { StoreDownError } from '../../store-down-error.js';
import type { Connection } from './connection.js';

/** Whoever knows a schema and no later one shares it for as long as the connection lasts. */
const claimOf = (version: string): string =>
  `4762003, hashtext(current_schema() || ' ' || ${version}::int)`;

const CLAIM = `SELECT pg_try_advisory_lock_shared(${claimOf('$1')}) AS free`;

const NEEDED = 'SELECT max(works_from) AS "worksFrom" FROM schema_migrations';

// `bool_and()` looks at each of them.
const CLAIM_OLDER = `
  SELECT bool_and(pg_try_advisory_xact_lock(${claimOf('version')})) AS free
  FROM generate_series(1, $1::int - 1) version`;

/**
 * Keeps what a node needs from being taken away as long as the connection lasts.
 *
 * @param known - The last schema that the node knows.
 * @throws `StoreDownError` if the schema has lost what the node needs, or loses it now.
 */
export async function claimSchema(connection: Connection, known: number): Promise<void> {
  const claim = await connection.get<{ free: boolean }>(CLAIM, [known]);
  if (claim?.free !== true) {
    throw new StoreDownError('A newer release is changing the schema of the store.');
  }
  const needed = await connection.get<{ worksFrom: number }>(NEEDED);
  if (needed === undefined || needed.worksFrom <= known) return;
  throw new StoreDownError(
    `The schema of the store needs a release that knows schema ${needed.worksFrom}; ` +
      `this one knows ${known}. Run the newer release here too.`,
  );
}

/**
 * Keeps nodes out that know only schemas below one, until the transaction ends.
 *
 * @returns Whether none of them is connected.
 */
export async function claimFromOlder(connection: Connection, version: number): Promise<boolean> {
  const claim = await connection.get<{ free: boolean | null }>(CLAIM_OLDER, [version]);
  return claim?.free !== false;
}
