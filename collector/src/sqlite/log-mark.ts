import type { Database } from './database.js';
import { isFull } from './failure.js';
import { LOST } from './note-lost-log.js';

/**
 * What a database says of its write-ahead log: `needed` from the moment at which a collector opens
 * it until it has closed it, and `lost` once it was found without. So a file that was copied without
 * its log is told from one that was closed.
 */
export type LogMark =
  | { readonly kind: 'none' | 'needed' | 'merged' }
  /** The ID tells losses apart. */
  | { readonly kind: 'lost'; readonly id: string };

/** Reads the mark; `none` in databases of older releases. */
export function readLogMark(db: Database): LogMark {
  const table = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name = 'about'`,
  );
  if (table.get()?.n !== 1) return { kind: 'none' };
  const find = db.prepare<{ value: string }>(`SELECT value FROM about WHERE name = 'log'`);
  const value = find.get()?.value;
  if (value === 'needed' || value === 'merged') return { kind: value };
  return value?.startsWith(LOST) === true
    ? { kind: 'lost', id: value.slice(LOST.length) }
    : { kind: 'none' };
}

/** Marks a database as open. The mark is in the file itself when this returns, not in the log. */
export function requireLog(db: Database): void {
  if (readLogMark(db).kind !== 'lost') write(db, 'needed');
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
}

/**
 * Closes a database that {@link requireLog} may have marked. All who write one must close it so: a
 * connection that is the last one removes the log, and without the mark it would count as lost.
 */
export function closeWriter(db: Database): void {
  try {
    releaseLog(db);
  } finally {
    db.close();
  }
}

function releaseLog(db: Database): void {
  try {
    // Then the log begins anew, and the mark needs no room on a full disk.
    db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    if (readLogMark(db).kind === 'needed') write(db, 'merged');
  } catch (error) {
    if (!isFull(error)) throw error;
  }
}

/** Forgets that a log was lost, once that was told. */
export function forgetLostLog(db: Database): void {
  if (readLogMark(db).kind === 'lost') write(db, 'needed');
}

function write(db: Database, value: string): void {
  db.prepare(`INSERT OR REPLACE INTO about(name, value) VALUES ('log', ?)`).run([value]);
}
