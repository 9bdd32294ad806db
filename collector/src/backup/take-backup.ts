import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { findPlace } from '../counting/place.js';
import type { DataFolder } from '../data-folder.js';
import {
  forgetBackupFolder,
  isBackupFolderThere,
  readBackupFolders,
  rememberBackupFolder,
} from '../erasures/backup-folders.js';
import { createErasures, erasuresPath, lastMark, readErasures } from '../erasures/erasures-file.js';
import { hasCode } from '../has-code.js';
import { pepperIdOf, readPepper } from '../privacy/pepper.js';
import { isWithoutLog } from '../recovery/examine-database.js';
import {
  copyShared,
  type Database,
  openBystander,
  openDraft,
  openShared,
} from '../sqlite/database.js';
import { syncPath } from '../sync-path.js';
import { positionsIn, readBackupEpochs } from './backup-epochs.js';
import { type BackupAbout, BACKUP_TABLES, countedRows, verifyContent } from './backup-file.js';
import { BackupError, type OnStep } from './backup-steps.js';
import { noteBackup } from './last-backups.js';
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
  /** Whether later deletions are kept beside it; not if the data folder cannot be written. */
  readonly isRemembered: boolean;
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
  const { folder } = options;
  const file = resolve(options.file);
  await checkTarget(file, folder);
  for (const path of [folder.journal, folder.counts]) checkLog(path);
  const pepperId = pepperIdOf(readPepperOf(folder));
  const target = prepareFolder(dirname(file), folder);
  try {
    const remembered = await target.remember(pepperId, options.now());
    return await takeInto(file, remembered, pepperId, options);
  } catch (error) {
    await target.undo();
    throw error;
  }
}

async function takeInto(
  file: string,
  { erasuresMark, isRemembered }: Remembered,
  pepperId: string,
  options: TakeBackupOptions,
): Promise<TakenBackup> {
  const { folder, onStep } = options;
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
        ...{ pepperId, dataFolder: folder.path, erasuresMark, rows },
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
    if (isRemembered) await noteBackup(folder.lastBackups, about.takenAt);
    return { file, bytes: bytesOf(file), about, isRemembered };
  } finally {
    for (const path of [draft, journalDraft]) rmSync(path, { force: true });
  }
}

async function checkTarget(file: string, folder: DataFolder): Promise<void> {
  const { path, counts } = folder;
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
  if (RESERVED.test(basename(file))) {
    throw new BackupError(
      `${file} is a name that the collector uses for its own files beside backups. Choose another ` +
        `name, such as ${join(dirname(file), 'monday.db')}.`,
    );
  }
  await checkFolder(dirname(file), folder);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isFile() && stats.size === 0)) return;
  if (!stats.isFile() || !isSealed(file)) {
    throw new BackupError(`${file} exists and is no backup. Choose another name, or remove it.`);
  }
}

/** The list of deletions, copies of it, and drafts. Some disks do not tell upper from lower case. */
const RESERVED = /^erasures($|\.)|\.draft-\d+-/i;

/** @throws {@link BackupError} if a folder is not there and must not be made. */
async function checkFolder(target: string, { path, backupFolders }: DataFolder): Promise<void> {
  const isKnown = (await readBackupFolders(backupFolders)).includes(target);
  if (isKnown && !(await isBackupFolderThere(target))) {
    throw new BackupError(
      `${target} has backups, but its file erasures is not there. If it is a volume, mount it. If ` +
        'its backups are gone for good, say so first: ' +
        `headcount-collector backup --forget ${target} --data ${path}`,
    );
  }
  if (isFolder(erasuresPath(target))) {
    throw new BackupError(
      `${erasuresPath(target)} is a folder; a file of this name keeps deletions beside backups. ` +
        'Move it away, or choose another folder for the backup.',
    );
  }
  if (isFolder(target)) return;
  if (existsSync(target)) throw new BackupError(`${target} is no folder.`);
  if (isFolder(dirname(target))) return;
  throw new BackupError(`There is no folder ${target}. Make it: mkdir -p ${target}`);
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** @throws {@link BackupError} if a database is a copy without the log that it needs. */
function checkLog(path: string): void {
  if (!existsSync(path) || existsSync(`${path}-wal`)) return;
  const db = openBystander(path);
  try {
    // A collector that has started meanwhile has made the log.
    if (!isWithoutLog(db, path) || existsSync(`${path}-wal`)) return;
  } finally {
    db.close();
  }
  throw new BackupError(
    `${path} was copied without ${basename(path)}-wal. Start a collector on the folder first: it ` +
      'says what is lost.',
  );
}

function readPepperOf({ path, pepper }: DataFolder): Buffer {
  const found = readPepper(pepper);
  if (found !== undefined) return found;
  throw new BackupError(`${path} has no pepper, so its counts cannot be used. Put it back first.`);
}

interface Remembered {
  /** The present mark of the erasures beside the backup. */
  readonly erasuresMark: string;
  readonly isRemembered: boolean;
}

/** Prepares a folder for backups. If none is made, nothing of this stays. */
function prepareFolder(target: string, folder: DataFolder) {
  const path = erasuresPath(target);
  let [isMade, isNew, isListed] = [false, false, false];
  return {
    /** Makes sure that deletions are kept beside the backup from now on. */
    remember: async (pepperId: string, at: Date): Promise<Remembered> => {
      if (!isFolder(target)) {
        mkdirSync(target, { mode: 0o700 });
        isMade = true;
      }
      isNew = await createErasures(path, pepperId, { since: at.getTime(), reach: at.getTime() });
      let isRemembered = true;
      try {
        // Before the copies: a deletion that is not in them finds the folder.
        isListed = await rememberBackupFolder(folder.backupFolders, target);
      } catch (error) {
        // A disk that is dying, or a copy of another user: nobody deletes anything there.
        if (!hasCode(error, 'EROFS', 'EACCES', 'EPERM')) throw error;
        isRemembered = false;
      }
      const erasures = await readErasures(path);
      if (erasures === undefined)
        throw new BackupError(`${path} disappeared while it was created.`);
      if (erasures.pepperId !== pepperId) {
        throw new BackupError(
          `${path} belongs to another collector. Give each collector a folder of its own for backups.`,
        );
      }
      return { erasuresMark: lastMark(erasures), isRemembered };
    },
    undo: async (): Promise<void> => {
      // Another command may have made a backup there meanwhile.
      const isUsed = isFolder(target) && readdirSync(target).some((name) => name !== 'erasures');
      if (isListed && !isUsed) await forgetBackupFolder(folder.backupFolders, target);
      if (isNew && !isUsed) rmSync(path, { force: true });
      if (isMade && !isUsed) rmdirSync(target);
    },
  };
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
