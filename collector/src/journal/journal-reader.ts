import { openReader } from '../sqlite/database.js';
import { type LogMark, readLogMark } from '../sqlite/log-mark.js';
import { type Epoch, readEpochs } from './epochs.js';

export interface JournalRow {
  readonly position: number;
  readonly body: string;
}

/** Where the entries of a journal are. */
export interface JournalExtent {
  readonly epochs: readonly Epoch[];
  /** The position of the last entry that was removed; 0 if none was. */
  readonly removed: number;
  /** The position of the last entry ever written; 0 if none was. */
  readonly last: number;
  /** Whether the journal was found without its log. */
  readonly log: LogMark;
}

/** Reads the journal for counting, while its writer writes. */
export interface JournalReader {
  extent(): JournalExtent;
  /** Entries after a position, up to another one. */
  read(range: { readonly after: number; readonly upTo: number }, limit: number): JournalRow[];
  /** Bytes of the file that entries take. */
  usedBytes(): number;
  close(): void;
}

/** Opens the journal for reading. Its writer must be open. */
export function openJournalReader(path: string): JournalReader {
  const db = openReader(path);
  const rows = db.prepare<JournalRow>(
    `SELECT position, body FROM entries WHERE position > ? AND position <= ?
     ORDER BY position LIMIT ?`,
  );
  const ends = db.prepare<{ first: number | null; last: number | null }>(
    `SELECT (SELECT min(position) FROM entries) AS "first",
       (SELECT seq FROM sqlite_sequence WHERE name = 'entries') AS last`,
  );
  const used = db.prepare<{ bytes: number }>(
    `SELECT (page_count - freelist_count) * page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  return {
    usedBytes: () => used.get()?.bytes ?? 0,
    extent: () =>
      db.snapshot(() => {
        const last = ends.get()?.last ?? 0;
        return {
          epochs: readEpochs(db),
          removed: (ends.get()?.first ?? last + 1) - 1,
          last,
          log: readLogMark(db),
        };
      }),
    read: ({ after, upTo }, limit) =>
      rows.all([after, Math.min(upTo, Number.MAX_SAFE_INTEGER), limit]),
    close: () => db.close(),
  };
}
