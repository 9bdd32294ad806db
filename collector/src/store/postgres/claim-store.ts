import { explainMark, MOVE, type MoveMark, parseMark } from '../moving/move-mark.js';
import { errorMessage } from '../../error-message.js';
import { StoreDownError } from '../../store-down-error.js';
import type { Connection } from './connection.js';
import { claimSchema } from './schema-claim.js';

/** Whoever uses a store shares it for as long as the connection lasts; who moves a store has it alone. */
const CLAIM = '4762002, hashtext(current_schema())';

/**
 * Claims a store for use: to count in it, or to change what is set.
 *
 * @param knows - The last schema that the node knows.
 * @throws `StoreDownError` if its counts move, are here only in part, or have moved away, or if its
 * schema is not one that the node can work with.
 */
export async function claimStore(connection: Connection, knows: number): Promise<void> {
  await claimSchema(connection, knows);
  const claim = await connection.get<{ ok: boolean }>(
    `SELECT pg_try_advisory_lock_shared(${CLAIM}) AS ok`,
  );
  if (claim?.ok !== true) throw new StoreDownError('The counts of the store are being moved.');
  const mark = await readMark(connection);
  if (mark !== null) throw new StoreDownError(explainMark(mark, 'The store'));
}

/** Claims a store for a move. Whether nobody uses it. */
export async function claimToMove(connection: Connection): Promise<boolean> {
  const claim = await connection.get<{ ok: boolean }>(
    `SELECT pg_try_advisory_lock(${CLAIM}) AS ok`,
  );
  return claim?.ok === true;
}

/** What a store says of a move. */
export async function readMark(connection: Connection): Promise<MoveMark | null> {
  const row = await connection.get<{ value: string }>('SELECT value FROM about WHERE name = $1', [
    MOVE,
  ]);
  try {
    return parseMark(row?.value);
  } catch (error) {
    throw new StoreDownError(
      `The store cannot be used: what it says of a move cannot be read (${errorMessage(error)}). Correct ` +
        `or delete that row: SELECT * FROM about WHERE name = '${MOVE}'.`,
      { cause: error },
    );
  }
}

/** Keeps what a store says of a move; `null` for nothing. */
export async function writeMark(connection: Connection, mark: MoveMark | null): Promise<void> {
  if (mark === null) {
    await connection.run('DELETE FROM about WHERE name = $1', [MOVE]);
    return;
  }
  await connection.run(
    `INSERT INTO about(name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [MOVE, JSON.stringify(mark)],
  );
}
