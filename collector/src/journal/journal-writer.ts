import { randomBytes } from 'node:crypto';
import { type Database, openWriter } from '../sqlite/database.js';
import { createGiveBack, type GivenBack } from '../sqlite/give-back.js';
import { closeWriter, forgetLostLog, requireLog } from '../sqlite/log-mark.js';
import { migrate, type Schema } from '../sqlite/migrate.js';
import { beginEpoch } from './epochs.js';

export interface JournalWriterOptions {
  readonly path: string;
  /** The largest size of the file, in bytes. */
  readonly maxBytes: number;
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  /** Tells which pepper the entries were hashed with. */
  readonly pepperId: string;
}

/** Rows to add, and counted rows to remove, in one commit. */
export interface Commit {
  readonly bodies: readonly string[];
  /** Rows up to this position are counted and removed. */
  readonly forgetUpTo: number;
}

/** The one connection that writes `journal.db`. Lives in its own thread. */
export interface JournalWriter {
  /** Identifies this journal. */
  readonly id: string;
  /** The ID of the epoch that the entries of this opening belong to. */
  readonly epoch: string;
  /** The position of the last row ever written. */
  lastPosition(): number;
  /** Forgets that the journal was found without its log, once that was told. */
  forgetLostLog(): void;
  /** Commits to disk. Returns the position of the last row written. */
  commit(commit: Commit): number;
  /** Removes single rows. Returns how many were still there. */
  remove(positions: readonly number[]): number;
  /** Gives room that no entry needs any more back to the disk. */
  giveBack(limitMs: number): GivenBack;
  /** @throws If the database does not answer. */
  probe(): void;
  /** @throws If there is no room for reports, or if nothing can be written to the disk. */
  probeWriting(): void;
  close(): void;
}

/** Rows are appended, read by another connection and deleted: none is needed twice. */
const CACHE_KIB = 512;

const WAL_PAGES = 4000;

const PROBE_BYTES = 64 * 1024;

/** Opens or creates the journal. */
export function openJournalWriter({
  path,
  maxBytes,
  openedAt,
  pepperId,
}: JournalWriterOptions): JournalWriter {
  const db = openWriter(path, { walPages: WAL_PAGES, cacheKib: CACHE_KIB, maxBytes });
  migrate(db, JOURNAL_SCHEMA, openedAt);
  const id = identify(db);
  db.prepare(`INSERT OR IGNORE INTO about(name, value) VALUES ('pepper', ?)`).run([pepperId]);
  const insert = db.prepare('INSERT INTO entries(body) VALUES (?)');
  const forget = db.prepare('DELETE FROM entries WHERE position <= ?');
  const removeOne = db.prepare('DELETE FROM entries WHERE position = ?');
  const sequence = db.prepare<{ seq: number }>(
    `SELECT seq FROM sqlite_sequence WHERE name = 'entries'`,
  );
  const probe = db.prepare<{ one: number }>('SELECT one FROM identity');
  // As large as a commit of reports: a single page finds room where these do not.
  const fill = db.prepare(
    `INSERT OR REPLACE INTO touched(one, value) VALUES (1, zeroblob(${PROBE_BYTES}))`,
  );
  // A new value each time, since SQLite does not write an unchanged row.
  const touch = db.prepare('INSERT OR REPLACE INTO touched(one, value) VALUES (1, random())');
  const lastPosition = (): number => sequence.get()?.seq ?? 0;
  const epoch = beginEpoch(db, id, lastPosition());
  requireLog(db);

  return {
    id,
    epoch,
    lastPosition,
    forgetLostLog: () => forgetLostLog(db),
    commit: ({ bodies, forgetUpTo }) =>
      db.transaction(() => {
        // First, so that a full journal has room again.
        forget.run([forgetUpTo]);
        let last: number | undefined;
        for (const body of bodies) last = insert.run([body]).lastInsertRowid;
        return last ?? lastPosition();
      }),
    remove: (positions) =>
      db.transaction(() =>
        positions.reduce((removed, position) => removed + removeOne.run([position]).changes, 0),
      ),
    giveBack: createGiveBack(db, path),
    probe: () => {
      if (probe.get() === undefined) throw new Error('The journal has lost its identity.');
    },
    probeWriting: () => {
      fill.run();
      touch.run();
    },
    close: () => closeWriter(db),
  };
}

function identify(db: Database): string {
  db.prepare('INSERT OR IGNORE INTO identity(one, id) VALUES (1, ?)').run([
    randomBytes(8).toString('hex'),
  ]);
  return db.prepare<{ id: string }>('SELECT id FROM identity').get()?.id ?? '';
}

/** Journals of the first releases have the tables, but no record of a migration. */
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

/** All entries of older releases are of one epoch. */
const epochs = `
  CREATE TABLE epochs(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    "after" INTEGER NOT NULL
  );
  INSERT INTO epochs(id, "after") SELECT id, 0 FROM identity;
  CREATE TABLE about(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) WITHOUT ROWID;
`;

/** The schema of `journal.db`. The format of entries is versioned in each row. */
export const JOURNAL_SCHEMA: Schema = {
  file: 'journal.db',
  migrations: [
    { name: 'entries', sql: entries },
    { name: 'epochs', sql: epochs },
  ],
};
