import { openReader } from '../sqlite/database.js';

export interface JournalRow {
  readonly position: number;
  readonly body: string;
}

/** Reads the journal for counting, while its writer writes. */
export interface JournalReader {
  readAfter(position: number, limit: number): JournalRow[];
  close(): void;
}

/** Opens the journal for reading. Its writer must be open. */
export function openJournalReader(path: string): JournalReader {
  const db = openReader(path);
  const after = db.prepare<JournalRow>(
    'SELECT position, body FROM entries WHERE position > ? ORDER BY position LIMIT ?',
  );
  return {
    readAfter: (position, limit) => after.all([position, limit]),
    close: () => db.close(),
  };
}
