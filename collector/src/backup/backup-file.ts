import { existsSync } from 'node:fs';
import { findContradiction } from '../recovery/database-facts.js';
import { countRows } from '../sqlite/bring-up-to-date.js';
import { type Database, openBystander } from '../sqlite/database.js';
import { isSqliteError } from '../sqlite/failure.js';
import { BackupError } from './backup-steps.js';
import { checkSeal } from './seal.js';

/** What a backup says of itself. Moments are in milliseconds since 1970. */
export interface BackupAbout {
  readonly format: 1;
  readonly takenAt: number;
  /** The release that made it. */
  readonly release: string;
  readonly pepperId: string;
  /** The data folder that it was made of. */
  readonly dataFolder: string;
  /** The mark of the erasures beside it when it was begun. */
  readonly erasuresMark: string;
  /** The rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Journal entries that are not counted in it. */
  readonly entries: number;
}

/** The tables of a backup besides those of `counts.db`, whose copy it is. */
export const BACKUP_TABLES = `
  CREATE TABLE backup_about(about TEXT NOT NULL);
  CREATE TABLE backup_files(path TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE backup_epochs(number INTEGER PRIMARY KEY, id TEXT NOT NULL, "after" INTEGER NOT NULL);
  CREATE TABLE backup_entries(position INTEGER PRIMARY KEY, body TEXT NOT NULL);
`;

/** The names of {@link BACKUP_TABLES}. */
export const BACKUP_TABLE_NAMES = [
  'backup_about',
  'backup_files',
  'backup_epochs',
  'backup_entries',
] as const;

const FORMAT = 1;

/** The rows of the tables that are those of `counts.db`. */
export function countedRows(db: Database): Record<string, number> {
  const added: readonly string[] = BACKUP_TABLE_NAMES;
  return Object.fromEntries([...countRows(db)].filter(([table]) => !added.includes(table)));
}

/**
 * Reads every byte of a backup and compares it with what the backup says of itself.
 *
 * @throws {@link BackupError} if anything is not as it should be.
 */
export function verifyBackup(path: string): BackupAbout {
  if (!existsSync(path)) throw new BackupError(`There is no file ${path}.`);
  const state = sealOf(path);
  if (state === 'none')
    throw new BackupError(`${path} is no backup of a collector, or is cut off.`);
  if (state === 'broken') {
    throw new BackupError(`${path} is damaged: its content has changed. Take another backup.`);
  }
  return verifyContent(path);
}

function sealOf(path: string): ReturnType<typeof checkSeal> {
  try {
    return checkSeal(path);
  } catch (cause) {
    throw new BackupError(`${path} cannot be read.`, { cause });
  }
}

/** Like {@link verifyBackup}, of a backup without a seal. */
export function verifyContent(path: string): BackupAbout {
  const db = openBystander(path);
  try {
    const problem = db.prepare<{ quick_check: string }>('PRAGMA quick_check(1)').get();
    if (problem?.quick_check !== 'ok') {
      throw new BackupError(`${path} is damaged (${problem?.quick_check ?? 'no answer'}).`);
    }
    const about = readAbout(db, path);
    const rows = countedRows(db);
    const entries = db.prepare<{ n: number }>('SELECT count(*) AS n FROM backup_entries').get()?.n;
    const contradiction = findContradiction(db);
    if (contradiction !== undefined) throw new BackupError(`${path}: ${contradiction}.`);
    if (JSON.stringify(rows) !== JSON.stringify(about.rows) || entries !== about.entries) {
      throw new BackupError(`${path} is damaged: it does not have the rows that it had.`);
    }
    return about;
  } catch (cause) {
    if (!isSqliteError(cause)) throw cause;
    throw new BackupError(`${path} cannot be read.`, { cause });
  } finally {
    db.close();
  }
}

/** @throws {@link BackupError} */
export function readAbout(db: Database, path: string): BackupAbout {
  const text = db.prepare<{ about: string }>('SELECT about FROM backup_about').get()?.about;
  const about = JSON.parse(text ?? 'null') as { readonly format: number } | null;
  if (about?.format === FORMAT) return about as BackupAbout;
  throw new BackupError(
    `${path} has a format that this release does not know (${String(about?.format)}). ` +
      'Restore it with the release that made it, or a newer one.',
  );
}
