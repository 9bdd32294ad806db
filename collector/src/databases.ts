import type { DataFolder } from './data-folder.js';
import { JOURNAL_SCHEMA } from './journal/journal-schema.js';
import type { Schema } from './sqlite/migrate.js';
import { COUNTS_SCHEMA } from './store/sqlite/migrations/counts-schema.js';

/** The databases of a data folder, and the schema that each must have. */
export function databasesOf(folder: DataFolder): { path: string; schema: Schema }[] {
  return [
    { path: folder.journal, schema: JOURNAL_SCHEMA },
    { path: folder.counts, schema: COUNTS_SCHEMA },
  ];
}
