import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type DataFolder, lockDataFolder, STAYING } from '../data-folder.js';
import {
  createErasures,
  type Erasures,
  ErasuresFileError,
  erasuresPath,
  readErasures,
} from '../erasures/erasures-file.js';
import { readBackupFolders, rememberBackupFolder } from '../erasures/backup-folders.js';
import { type KeptErasure, mergeErasures } from '../erasures/kept-erasure.js';
import { EMPTY_SETTINGS } from '../access/project-settings.js';
import { hasCode } from '../has-code.js';
import { makeFolders } from '../make-folders.js';
import { pepperIdOf, readPepper } from '../privacy/pepper.js';
import { openBystander } from '../sqlite/database.js';
import { pendingMigrations } from '../sqlite/migrate.js';
import { COUNTS_SCHEMA } from '../store/sqlite/migrations/counts-schema.js';
import { openThread } from '../threads/open-thread.js';
import { syncPath } from '../sync-path.js';
import { type BackupAbout, verifyBackup } from './backup-file.js';
import { BackupError, type OnStep } from './backup-steps.js';
import type { BuildFolderOptions, BuiltFolder } from './build-folder.js';
import type { BuildOperations } from './build-folder-thread.js';
import {
  beginDraft,
  dropDraft,
  finishReplacing,
  isReplacing,
  replaceContent,
  replacedEntries,
} from '../recovery/replace-folder.js';
import {
  isStoredPath,
  readStoredFiles,
  type StoredFile,
  writeStoredFiles,
} from './stored-files.js';
import { reachOf, readSurvivingErasures } from './surviving-erasures.js';
import { findSurvivors, type Survivors } from './survivors.js';

export interface RestoreOptions {
  readonly folder: DataFolder;
  /** The backup; `undefined` restores what the journal of the folder holds, and nothing else. */
  readonly file: string | undefined;
  /** Whether a folder that is not empty may be replaced. */
  readonly replace: boolean;
  /** Whether to go on without the deletions that are kept beside the backup. */
  readonly withoutErasures: boolean;
  /** A file with the pepper, for a backup that was made without. */
  readonly pepperFile: string | undefined;
  readonly now: () => Date;
  readonly onStep: OnStep;
}

export interface Restored extends BuiltFolder {
  readonly about: BackupAbout | undefined;
  /** Where the old content of the folder is; `undefined` if it was empty. */
  readonly aside: string | undefined;
  /** Up to when all deletions are known, in milliseconds since 1970. */
  readonly deletionsUpTo: number;
  /** What is wrong with other lists of deletions than that beside the backup. */
  readonly erasuresProblems: readonly string[];
  /** Why the journal that was in the folder is not counted; `undefined` if it is. */
  readonly journalIgnored: string | undefined;
  /** Whether the tokens are those of the backup; if not, those of the folder stay. */
  readonly hasOldTokens: boolean;
}

/**
 * Restores a data folder. Everything is checked, and the new content is whole on the disk, before
 * the old content is moved aside: when this is cut off, the folder has the old content or the new.
 *
 * @throws {@link BackupError}, `DataFolderInUseError`, `SchemaError`, or what the disk throws.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, onStep } = options;
  const file = options.file === undefined ? undefined : resolve(options.file);
  let about: BackupAbout | undefined;
  if (file !== undefined) {
    onStep({ name: 'checking the backup', bytes: bytesOf(file) });
    about = verifyBackup(file);
    checkSchema(file);
  }
  const made = firstMissing(folder.path);
  try {
    makeFolders(folder.path, 0o700);
    const lock = lockDataFolder(folder);
    try {
      finishReplacing(folder);
      return await restoreLocked({ ...options, file }, about);
    } catch (error) {
      dropDraft(folder);
      throw error;
    } finally {
      lock.close();
    }
  } catch (error) {
    // Nothing but this restore has used it.
    if (made !== undefined && !isReplacing(folder)) rmSync(made, { recursive: true, force: true });
    throw error;
  }
}

/** The uppermost folder of a path that does not exist; `undefined` if it exists. */
function firstMissing(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  return firstMissing(dirname(path)) ?? path;
}

async function restoreLocked(
  options: RestoreOptions,
  about: BackupAbout | undefined,
): Promise<Restored> {
  const { folder, file, replace, now, onStep } = options;
  if (replacedEntries(folder).length > 0 && !replace) {
    throw new BackupError(
      `${folder.path} is not empty. With --replace, its content is moved aside, and what its ` +
        'journal.db still holds is counted.',
    );
  }
  const files = storedFilesOf(options, about);
  const hasOldTokens =
    about !== undefined &&
    !existsSync(folder.tokens) &&
    files.some(({ path }) => path === basename(folder.tokens));
  const pepper = files.find(({ path }) => path === 'pepper')?.bytes;
  if (pepper === undefined) throw noPepper(options);
  const pepperId = pepperIdOf(pepper);
  const beside = about === undefined ? undefined : await erasuresBeside(options, about);
  const survivors = findSurvivors(folder, pepperId);
  const others = await readSurvivingErasures(
    [folder.path, ...(about === undefined ? [] : [about.dataFolder])],
    pepperId,
  );
  if (about === undefined && survivors.journal.kind !== 'usable') {
    throw new BackupError(
      `${folder.path} has no journal.db that can be read, so there is nothing to restore.`,
    );
  }
  const erasures = mergeErasures([...(beside?.erasures ?? []), ...others.erasures]);

  const target = beginDraft(folder);
  onStep({ name: 'putting counts and journal together', bytes: bytesOf(file) });
  const built = await buildInThread({
    ...{ target, file, erasures, pepperId, at: now().getTime() },
    ...journalOf(survivors, folder),
  });
  onStep({ name: 'writing to the disk', bytes: bytesOf(join(target, 'counts.db')) });
  for (const name of readdirSync(target)) syncPath(join(target, name));
  writeStoredFiles(target, withSettings(files, basename(folder.projects)));
  const takenAt = about?.takenAt ?? 0;
  const deletionsUpTo = reachOf(Math.max(takenAt, beside?.reach ?? 0), others.spans);
  await writeErasures({
    ...{ target, pepperId, erasures, folder, file },
    spans: { since: takenAt, reach: deletionsUpTo },
  });
  const aside = replaceContent(folder, now());
  return {
    ...{ ...built, about, aside, deletionsUpTo, erasuresProblems: others.problems },
    ...{ journalIgnored: whyIgnored(survivors), hasOldTokens },
  };
}

/** A start warns of a folder that has lost the settings of its projects. */
const withSettings = (files: readonly StoredFile[], name: string): readonly StoredFile[] =>
  files.some(({ path }) => path === name)
    ? files
    : [...files, { path: name, bytes: Buffer.from(EMPTY_SETTINGS) }];

async function buildInThread(options: BuildFolderOptions): Promise<BuiltFolder> {
  const url = new URL('./build-folder-thread.js', import.meta.url);
  const thread = await openThread<BuildOperations>(url, undefined);
  try {
    return await thread.call('build', options);
  } finally {
    await thread.close();
  }
}

const bytesOf = (path: string | undefined): number | null =>
  (path === undefined ? undefined : statSync(path, { throwIfNoEntry: false }))?.size ?? null;

function journalOf({ journal }: Survivors, folder: DataFolder) {
  if (journal.kind !== 'usable') return { journal: undefined, removed: 0, isCut: false };
  return { journal: folder.journal, removed: journal.facts.removed, isCut: journal.isCut };
}

function whyIgnored({ journal }: Survivors): string | undefined {
  if (journal.kind === 'unusable') return journal.reason;
  return journal.kind === 'empty' ? 'it is empty' : undefined;
}

/** @throws `SchemaError` if a newer release made the backup. */
function checkSchema(file: string): void {
  const db = openBystander(file);
  try {
    pendingMigrations(db, COUNTS_SCHEMA);
  } finally {
    db.close();
  }
}

/** The settings of the backup, or those of the folder without one; with the pepper, if found. */
function storedFilesOf(
  { folder, file, pepperFile }: RestoreOptions,
  about: BackupAbout | undefined,
): StoredFile[] {
  const files = file === undefined ? readStoredFiles(folder.path) : filesIn(file);
  const staying = readStoredFiles(folder.path, STAYING);
  const stays = (path: string): boolean => staying.some((one) => one.path === path);
  const others = [...files.filter(({ path }) => path !== 'pepper' && !stays(path)), ...staying];
  const candidates = [
    files.find(({ path }) => path === 'pepper')?.bytes,
    ...[folder.pepper, pepperFile].map((path) => path && readPepper(path)),
  ];
  const pepper = candidates.find(
    (bytes): bytes is Buffer =>
      Buffer.isBuffer(bytes) && (about === undefined || pepperIdOf(bytes) === about.pepperId),
  );
  return pepper === undefined ? others : [...others, { path: 'pepper', bytes: pepper }];
}

function filesIn(file: string): StoredFile[] {
  const db = openBystander(file);
  try {
    const files = db.prepare<StoredFile>('SELECT path, bytes FROM backup_files').all();
    return files.filter(({ path }) => isStoredPath(path));
  } finally {
    db.close();
  }
}

function noPepper({ file, pepperFile, folder }: RestoreOptions): BackupError {
  if (file === undefined) return new BackupError(`${folder.path} has no pepper.`);
  const given = pepperFile === undefined ? '' : ` and ${pepperFile} is not the one it belongs to`;
  return new BackupError(
    `${file} was made without the pepper${given}. Name a copy of it with --pepper <file>.`,
  );
}

interface ErasuresBeside {
  readonly erasures: readonly KeptErasure[];
  readonly reach: number;
}

/** @throws {@link BackupError} if deletions since the backup may be missing. */
async function erasuresBeside(
  { file = '', withoutErasures }: RestoreOptions,
  about: BackupAbout,
): Promise<ErasuresBeside> {
  const path = erasuresPath(dirname(file));
  const problem = (what: string): ErasuresBeside => {
    if (withoutErasures) return { erasures: [], reach: 0 };
    throw new BackupError(
      `${what} Without it, users who were deleted after the backup would come back. Put it back ` +
        'beside the backup; or restore with --without-erasures, and delete them again yourself.',
    );
  };
  let erasures: Erasures | undefined;
  try {
    erasures = await readErasures(path);
  } catch (error) {
    if (error instanceof ErasuresFileError) return problem(error.message);
    if (hasCode(error, 'EISDIR')) return problem(`${path} is a folder, not the list of deletions.`);
    throw error;
  }
  if (erasures === undefined) return problem(`${path} is missing.`);
  if (erasures.pepperId !== about.pepperId) {
    return problem(`${path} belongs to another collector.`);
  }
  const marks = [erasures.base, ...erasures.lines.map(({ mark }) => mark)];
  if (!marks.includes(about.erasuresMark)) {
    return problem(`${path} does not reach back to the backup, or its end is missing.`);
  }
  return { erasures: erasures.lines.map(({ erasure }) => erasure), reach: erasures.reach };
}

interface WrittenErasures {
  readonly target: string;
  readonly pepperId: string;
  readonly erasures: readonly KeptErasure[];
  /** From when up to when these are all. */
  readonly spans: Pick<Erasures, 'since' | 'reach'>;
  readonly folder: DataFolder;
  readonly file: string | undefined;
}

/** Deletions go on to be kept: in the new content, and beside all backups. */
async function writeErasures(written: WrittenErasures): Promise<void> {
  const { target, pepperId, erasures, spans, folder, file } = written;
  await createErasures(erasuresPath(target), pepperId, spans, erasures);
  const folders = join(target, 'backup-folders');
  const known = await readBackupFolders(folder.backupFolders);
  writeFileSync(folders, known.map((name) => `${name}\n`).join(''), { mode: 0o600 });
  if (file !== undefined) await rememberBackupFolder(folders, dirname(file));
  syncPath(folders);
}
