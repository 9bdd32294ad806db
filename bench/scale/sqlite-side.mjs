// @ts-check
import { join } from 'node:path';
import Database from 'libsql';

/** Of all people of the store. */
export const COUNTED = 'SELECT coalesce(sum(n), 0) FROM report_days';

/**
 * Looks at the counts of a folder, and keeps its collector from counting.
 *
 * @param {string} folder
 * @returns {Promise<import('./side.mjs').Side>}
 */
export async function openSqliteSide(folder) {
  const db = new Database(join(folder, 'counts.db'));
  const counted = db.prepare(COUNTED).raw();
  return {
    counted: async () => Number(/** @type {[number]} */ (counted.get([]))[0]),
    hold: async () => {
      db.exec('BEGIN IMMEDIATE');
      return async () => void db.exec('ROLLBACK');
    },
    end: async () => void db.close(),
  };
}
