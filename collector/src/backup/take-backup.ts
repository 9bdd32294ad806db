import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { findPlace } from '../counting/place.js';
import type { DataFolder } from '../data-folder.js';
import { createErasures, erasuresPath, lastMark, readErasures } from '../erasures/erasures-file.js';
import { rememberBackupFolder } from '../erasures/erasure-keeper.js';
import { pepperIdOf, readPepper } from '../privacy/pepper.js';
import { copyShared, type Database, openDraft, openShared } from '../sqlite/database.js';
import { syncPath } from '../sync-path.js';
import { positionsIn, readBackupEpochs } from './backup-epochs.js';
import { type BackupAbout, BACKUP_TABLES, countedRows, verifyContent } from './backup-file.js';
import { BackupError, type OnStep } from './backup-steps.js';
import { isSealed, seal } from './seal.js';
import { readStoredFiles } from './stored-files.js';

export interface TakeBackupOptions {
  readonly folder: DataFolder;
  /** Where to. An older backup in its place is replaced. */
  readonly file: string;
  /** Whether the key of user hashes is left out. */
  readonly withoutPepper: boolean;
  /** The release that makes it. */
  readonly release: string;
  readonly now: () => Date;
  readonly onStep: OnStep;
}

export interface TakenBackup {
  readonly file: string;
  readonly bytes: number;
  readonly about: BackupAbout;
}

/** How often a copy is made again because counting went on between two looks. */
const ATTEMPTS = 3;

/**
 * Makes a backup of a data folder, whether a collector runs on it or not: everything that was
 * acknowledged before the call. Either the whole backup is on disk in the end, or what was there.
 *
 * @throws {@link BackupError}, or what the disk or SQLite throws.
 */
export async function takeBackup(options: TakeBackupOptions): Promise<TakenBackup> {
  const { folder, onStep } = options;
  const file = resolve(options.file);
  checkTarget(file, folder);
  const pepperId = pepperIdOf(readPepperOf(folder));
  const erasuresMark = prepareErasures(dirname(file), folder, pepperId);

  removeDrafts(file);
  const draft = `${file}.draft-${process.pid}-${randomBytes(4).toString('hex')}`;
  // Not `-journal`: SQLite would take it for the draft's own.
  const journalDraft = `${draft}.entries`;
  try {
    // The journal first: what is counted later is in the copy of the counts, or in both.
    if (existsSync(folder.journal)) {
      onStep({ name: 'copying journal.db', bytes: bytesOf(folder.journal) });
      copyShared(folder.journal, journalDraft);
    }
    onStep({ name: 'copying counts.db', bytes: bytesOf(folder.counts) });
    const rows = copyCounts(folder.counts, draft);
    const about = await complete(
      draft,
      journalDraft,
      {
        ...{ format: 1, takenAt: options.now().getTime(), release: options.release },
        ...{ pepperId, erasuresMark, rows },
      },
      options,
    );
    onStep({ name: 'checking the backup', bytes: bytesOf(draft) });
    verifyContent(draft);
    seal(draft);
    chmodSync(draft, 0o600);
    onStep({ name: 'writing it to the disk', bytes: bytesOf(draft) });
    syncPath(draft);
    renameSync(draft, file);
    syncPath(dirname(file));
    return { file, bytes: bytesOf(file), about };
  } finally {
    for (const path of [draft, journalDraft]) rmSync(path, { force: true });
  }
}

function checkTarget(file: string, { path, counts }: DataFolder): void {
  if (!existsSync(counts)) {
    throw new BackupError(`There are no counts in ${path}. Choose its folder with --data.`);
  }
  if (existsSync(join(path, 'restore.ready')) || existsSync(join(path, 'restore.moving'))) {
    throw new BackupError(
      `A restore of ${path} was cut off. Start the collector, which finishes it, or restore again.`,
    );
  }
  if (file.startsWith(path + sep)) {
    throw new BackupError(`${file} lies in the data folder and would be lost with it.`);
  }
  const parent = statSync(dirname(file), { throwIfNoEntry: false });
  if (parent?.isDirectory() !== true) throw new BackupError(`There is no folder ${dirname(file)}.`);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isFile() && stats.size === 0)) return;
  if (!stats.isFile() || !isSealed(file)) {
    throw new BackupError(`${file} exists and is no backup. Choose another name, or remove it.`);
  }
}

function readPepperOf({ path, pepper }: DataFolder): Buffer {
  const found = readPepper(pepper);
  if (found !== undefined) return found;
  throw new BackupError(`${path} has no pepper, so its counts cannot be used. Put it back first.`);
}

/** Makes sure that deletions are kept beside the backup from now on. Gives the present mark. */
function prepareErasures(target: string, folder: DataFolder, pepperId: string): string {
  const path = erasuresPath(target);
  createErasures(path, pepperId);
  // Before the copies: a deletion that is not in them finds the folder.
  rememberBackupFolder(folder.backupFolders, target);
  const erasures = readErasures(path);
  if (erasures === undefined) throw new BackupError(`${path} disappeared while it was created.`);
  if (erasures.pepperId !== pepperId) {
    throw new BackupError(
      `${path} belongs to another collector. Give each collector a folder of its own for backups.`,
    );
  }
  return lastMark(erasures);
}

/** Removes drafts of killed processes. */
function removeDrafts(file: string): void {
  const start = `${basename(file)}.draft-`;
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(start)) continue;
    const pid = Number(name.slice(start.length).split('-')[0]);
    if (!isRunning(pid)) rmSync(join(dirname(file), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Copies the counts, and compares the copy with the original where counting did not go on between
 * the two looks.
 *
 * @returns The rows of each table of the copy.
 */
function copyCounts(path: string, draft: string): Record<string, number> {
  for (let attempt = 1; ; attempt++) {
    const original = openShared(path);
    let copy: Database | undefined;
    try {
      original.exec('BEGIN');
      const before = positionsOf(original);
      copyShared(path, draft);
      copy = openDraft(draft);
      const rows = countedRows(copy);
      const isSame = positionsOf(copy) === before;
      if (isSame && JSON.stringify(countedRows(original)) !== JSON.stringify(rows)) {
        throw new BackupError('The copy of counts.db does not have its rows. Check the disk.');
      }
      if (isSame || attempt === ATTEMPTS) return rows;
    } finally {
      copy?.close();
      original.exec('COMMIT');
      original.close();
    }
    rmSync(draft);
  }
}

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const positionsOf = (db: Database): string =>
  JSON.stringify(db.prepare('SELECT * FROM positions ORDER BY journal_id').all());

/** Adds to the copy of the counts all else that a backup has. */
async function complete(
  draft: string,
  journalDraft: string,
  about: Omit<BackupAbout, 'entries'>,
  { folder, withoutPepper }: TakeBackupOptions,
): Promise<BackupAbout> {
  const db = openDraft(draft);
  try {
    db.exec(BACKUP_TABLES);
    const addFile = db.prepare('INSERT INTO backup_files(path, bytes) VALUES (?, ?)');
    for (const { path, bytes } of readStoredFiles(folder.path)) {
      if (path !== 'pepper' || !withoutPepper) addFile.run([path, bytes]);
    }
    const entries = existsSync(folder.journal) ? await addEntries(db, journalDraft) : 0;
    const complete = { ...about, entries };
    db.prepare('INSERT INTO backup_about(about) VALUES (?)').run([JSON.stringify(complete)]);
    return complete;
  } finally {
    db.close();
  }
}

/** Adds the entries of the journal that the counts do not have. Returns how many there are. */
async function addEntries(db: Database, journalDraft: string): Promise<number> {
  // Without the file, an empty database would be attached.
  statSync(journalDraft);
  db.prepare('ATTACH ? AS journal').run([journalDraft]);
  const tables = db
    .prepare<{ name: string }>(`SELECT name FROM journal.sqlite_schema WHERE type = 'table'`)
    .all()
    .map(({ name }) => name);
  if (!tables.includes('entries')) return 0; // its creation was cut off
  db.exec(
    !tables.includes('epochs')
      ? 'INSERT INTO backup_epochs(number, id, "after") SELECT 1, id, 0 FROM journal.identity'
      : 'INSERT INTO backup_epochs(number, id, "after") SELECT number, id, "after" FROM journal.epochs',
  );
  const { position } = await findPlace(readBackupEpochs(db), { position: positionsIn(db) });
  const { changes } = db
    .prepare(
      'INSERT INTO backup_entries SELECT position, body FROM journal.entries WHERE position > ?',
    )
    .run([position]);
  db.exec('DETACH journal');
  return changes;
}
