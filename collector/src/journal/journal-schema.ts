import type { Schema } from '../sqlite/migrate.js';

/** The tables exist without a record of it in the journals of the first releases. */
const entries = `
  CREATE TABLE IF NOT EXISTS entries(
    -- AUTOINCREMENT, since a position must never be given twice, even when the table is empty.
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS identity(
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS touched(
    one INTEGER PRIMARY KEY CHECK (one = 1),
    value INTEGER NOT NULL
  );
`;

/** The schema of `journal.db`. The rows' own format has a number in each row. */
export const JOURNAL_SCHEMA: Schema = {
  file: 'journal.db',
  migrations: [{ name: 'entries', sql: entries }],
};
