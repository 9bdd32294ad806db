import { existsSync, lstatSync, statSync } from 'node:fs';
import { errorMessage } from '../error-message.js';
import { hasCode } from '../has-code.js';
import { type Database, openUnused } from '../sqlite/database.js';
import { isSqliteError } from '../sqlite/failure.js';
import { readLogMark } from '../sqlite/log-mark.js';

/** What a database file in a data folder is. */
export type DatabaseState<Facts> =
  | { readonly kind: 'absent' }
  /** A file without content: it was cut off, or its creation was. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'unusable'; readonly reason: string }
  | {
      readonly kind: 'usable';
      readonly facts: Facts;
      /** Whether it was copied without its write-ahead log, which it needed. */
      readonly isCut: boolean;
    };

export interface Examination<Facts> {
  readonly path: string;
  /** A table that every release has had in this database. */
  readonly table: string;
  /** Whether every page is read. */
  readonly thorough: boolean;
  readonly readFacts: (db: Database) => Facts;
  /** Says what is wrong with the content; only asked if every page is read. */
  readonly findContradiction?: (db: Database) => string | undefined;
}

/** Examines a database file without changing it. No process may write it meanwhile. */
export function examineDatabase<Facts>(examination: Examination<Facts>): DatabaseState<Facts> {
  const { path } = examination;
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return { kind: 'absent' };
    const stats = statSync(path);
    if (!stats.isFile()) return { kind: 'unusable', reason: 'it is no file' };
    if (stats.size === 0) return { kind: 'empty' };
    const db = openUnused(path);
    try {
      return examineOpen(db, examination);
    } finally {
      db.close();
    }
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    return { kind: 'unusable', reason };
  }
}

function examineOpen<Facts>(
  db: Database,
  { path, table, thorough, readFacts, findContradiction }: Examination<Facts>,
): DatabaseState<Facts> {
  const tables = db
    .prepare<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all();
  if (tables.length === 0) return { kind: 'empty' };
  if (!tables.some(({ name }) => name === table)) {
    return { kind: 'unusable', reason: 'it is another database' };
  }
  const isCut = isWithoutLog(db, path);
  if (thorough) {
    // Without its log, a file may have pages of several moments: then indexes are compared too.
    const check = isCut ? 'integrity_check' : 'quick_check';
    const problem = db.prepare<Record<string, string>>(`PRAGMA ${check}(1)`).get()?.[check];
    if (problem !== 'ok') {
      return { kind: 'unusable', reason: `it is damaged (${problem ?? 'no answer'})` };
    }
    const contradiction = findContradiction?.(db);
    if (contradiction !== undefined) return { kind: 'unusable', reason: contradiction };
  }
  return { kind: 'usable', facts: readFacts(db), isCut };
}

/** Whether a database that nobody has open needs a log that is not there. */
export function isWithoutLog(db: Database, path: string): boolean {
  const mark = readLogMark(db).kind;
  return mark === 'lost' || (mark === 'needed' && !existsSync(`${path}-wal`));
}

/** Says what an error means; `undefined` for one that is not about the file. */
function explain(error: unknown): string | undefined {
  if (hasCode(error, 'SQLITE_NOTADB')) return 'it is no database';
  if (hasCode(error, 'SQLITE_CORRUPT')) return 'it is damaged';
  if (hasCode(error, 'SQLITE_CANTOPEN', 'EACCES', 'EPERM', 'ELOOP', 'ENOENT')) {
    return 'it cannot be opened: does it belong to another user?';
  }
  // A damaged page can look like any mistake in SQL or in reading.
  return isSqliteError(error) ? `it cannot be read (${errorMessage(error)})` : undefined;
}

/** Whether a database has a table. */
export function hasTable(db: Database, table: string): boolean {
  const find = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name = ?`,
  );
  return find.get([table])?.n === 1;
}
