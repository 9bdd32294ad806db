import type { Database } from '../sqlite/database.js';
import { MOVE, type MoveMark, parseMark } from '../store/moving/move-mark.js';

/** Reads a row of `about`. */
export function readAbout(db: Database, name: string): string | null {
  const find = db.prepare<{ value: string }>('SELECT value FROM about WHERE name = ?');
  return find.get([name])?.value ?? null;
}

/** What a database says of a move. */
export const readSqliteMark = (db: Database): MoveMark | null => parseMark(readAbout(db, MOVE));

/** Keeps what a database says of a move. */
export function writeSqliteMark(db: Database, mark: MoveMark): void {
  db.prepare('INSERT OR REPLACE INTO about(name, value) VALUES (?, ?)').run([
    MOVE,
    JSON.stringify(mark),
  ]);
}

/** How connections that write are opened. */
export const WRITER = { walPages: 16_000, cacheKib: 64 * 1024 };
