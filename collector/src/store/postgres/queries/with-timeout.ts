import { hasCode } from '../../../has-code.js';
import type { Connection } from '../connection.js';

/** Runs statements of a transaction, each of which the server ends after some milliseconds. */
export async function withTimeout<Result>(
  connection: Connection,
  limitMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  await connection.run(`SELECT set_config('statement_timeout', $1, true)`, [String(limitMs)]);
  const result = await work();
  await connection.run(`SELECT set_config('statement_timeout', '0', true)`);
  return result;
}

const CANCELLED = '57014';

/** Whether the server has ended a statement that took too long. */
export const isTimeout = (error: unknown): boolean => hasCode(error, CANCELLED);
