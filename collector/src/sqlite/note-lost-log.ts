import { randomBytes } from 'node:crypto';

/** How the mark of a database begins that was found without its log. */
export const LOST = 'lost:';

const ID_BYTES = 8;

/** Remembers that a log was missing when the database was opened; until it is told. */
export function noteLostLog(db: { exec(sql: string): unknown }): void {
  const id = randomBytes(ID_BYTES).toString('hex');
  try {
    // Not prepared: a statement keeps the database open until the garbage collector finds it.
    db.exec(`UPDATE about SET value = '${LOST}${id}' WHERE name = 'log' AND value = 'needed'`);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('no such table'))) throw error;
  }
}
