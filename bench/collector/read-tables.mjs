// @ts-check
import { statSync } from 'node:fs';
import Database from 'libsql';

/** The name under which {@link readTables} has the whole file. */
export const WHOLE = '';

/**
 * What the tables of a database take, in bytes: whole pages, indices included. What the write-ahead
 * log still holds belongs to the file.
 *
 * @param {string} file
 * @returns {Map<string, number>} by table
 */
export function readTables(file) {
  const db = new Database(file);
  db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([]);
  const tables = /** @type {[string, number][]} */ (
    db
      .prepare(
        `SELECT tbl_name, sum(pgsize)
         FROM dbstat JOIN sqlite_schema USING (name) GROUP BY tbl_name`,
      )
      .raw()
      .all([])
  );
  db.close();
  return new Map([[WHOLE, statSync(file).size], ...tables]);
}
