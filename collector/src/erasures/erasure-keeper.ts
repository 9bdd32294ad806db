import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorMessage } from '../error-message.js';
import { makeFolders } from '../make-folders.js';
import { isFull } from '../sqlite/failure.js';
import { isBackupFolderThere, readBackupFolders, rememberBackupFolder } from './backup-folders.js';
import { createErasureLists, damagedLists, type ErasureListsOptions } from './erasure-lists.js';
import { ErasuresFileError } from './erasures-file.js';
import { keyOf, type KeptErasure, mergeErasures } from './kept-erasure.js';

export interface ErasureKeeperOptions extends ErasureListsOptions {
  /** The file that lists the folders with backups. */
  readonly foldersPath: string;
  /** The folder of regular backups, if there is one. */
  readonly backupFolder: string | undefined;
}

/** A folder with backups that is not there, such as a volume that is not mounted. */
export interface AwayFolder {
  readonly folder: string;
  /** Since when, in milliseconds since 1970; `null` if it was away when this collector started. */
  readonly since: number | null;
  /** Deletions since then, which backups in it do not know. */
  readonly missing: number;
}

/** A folder with backups whose list was damaged, or lacks deletions that the data folder lost too. */
export interface IncompleteFolder {
  readonly folder: string;
  /** The time of which deletions may be missing, in milliseconds since 1970. */
  readonly gap: { readonly from: number; readonly to: number } | undefined;
  /** The names of copies of its list that were set aside, since they are damaged. */
  readonly damaged: readonly string[];
}

/** The folders with backups that do not have every deletion. */
export interface FoldersState {
  readonly away: readonly AwayFolder[];
  readonly incomplete: readonly IncompleteFolder[];
}

/** Keeps deletions in a file in the data folder, and in one beside every set of backups. */
export interface ErasureKeeper {
  /** The erasures of all files that can be read. */
  all(): KeptErasure[];
  /**
   * Keeps an erasure. Its entry must be in the journal: so a backup that is begun meanwhile either
   * has the entry or is made where this looks. A folder that is away gets it when it is back.
   *
   * @throws If it is not on disk in the data folder or in the folder of regular backups.
   */
  keep(erasure: KeptErasure): void;
  /** Looks at all folders, and brings those that are back up to date. */
  inspect(): FoldersState;
  /**
   * Removes what no longer has a use. The data folder keeps everything while a folder is away.
   *
   * @param isNeeded - Whether the data folder still needs an erasure.
   * @param oldestIn - The oldest backup in a folder; `undefined` without one.
   */
  prune(
    isNeeded: (erasure: KeptErasure) => boolean,
    oldestIn: (folder: string) => OldestBackup | undefined,
  ): void;
  close(): void;
}

/** What is known of the oldest backup in a folder. */
export interface OldestBackup {
  /** In milliseconds since 1970. */
  readonly takenAt: number;
  /** The mark of the last deletion that it has. */
  readonly erasuresMark: string;
}

/** A file of erasures, or the folder of regular backups, cannot be used. The message says what to do. */
export class BackupFolderError extends Error {
  override readonly name = 'BackupFolderError';
}

/** How often folders are looked at, in milliseconds. */
const LOOK_MS = 5000;

/** How often a file is told that it has everything, in milliseconds. */
const CONFIRM_MS = 60 * 60 * 1000;

/** What a folder gets again when it is back: clocks may have differed by so much. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

/** Opens the files; creates those of the data folder and, once, of the folder of regular backups. */
export function openErasureKeeper(options: ErasureKeeperOptions): ErasureKeeper {
  const { dataFolder, foldersPath, now, logger } = options;
  const regular = options.backupFolder === undefined ? undefined : resolve(options.backupFolder);
  const lastThere = new Map<string, number>();
  const isAway = new Set<string>();
  const damaged = new Map<string, readonly string[]>();

  const { known, open, append, confirm, dropFirst, noteOlderCopy } = createErasureLists(options);
  /** The time of which neither a folder nor the data folder may know all deletions. */
  const gapOf = (folder: string): IncompleteFolder['gap'] => {
    const [{ reach: from }, { since: to }] = [open(folder), open(dataFolder)];
    return folder !== dataFolder && from < to ? { from, to } : undefined;
  };
  /** Adds to a file what it may have missed. */
  const catchUp = (folder: string, from: readonly KeptErasure[]): void => {
    const { lines, reach } = open(folder);
    const has = new Set(lines.map(({ erasure }) => keyOf(erasure)));
    const missing = from.filter(
      (erasure) => erasure.deletedAt > reach - OVERLAP_MS && !has.has(keyOf(erasure)),
    );
    for (const erasure of missing) append(folder, erasure, reach);
    if (gapOf(folder) === undefined) confirm(folder);
    if (missing.length > 0) {
      logger.info({ folder, deletions: missing.length }, 'deletions were written beside backups');
    }
  };
  const folders = (): string[] => {
    const listed = readBackupFolders(foldersPath);
    return [...new Set([...(regular === undefined ? [] : [regular]), ...listed])].filter(
      (folder) => folder !== dataFolder,
    );
  };
  const inData = (): KeptErasure[] => open(dataFolder).lines.map(({ erasure }) => erasure);

  /** Looks at a folder. Returns whether it is there and has everything. */
  const look = (folder: string): boolean => {
    try {
      const at = now().getTime();
      if (!isBackupFolderThere(folder)) throw new BackupFolderError('its file erasures is missing');
      const current = known(folder);
      const isDue =
        current === undefined || (at - current.reach >= CONFIRM_MS && gapOf(folder) === undefined);
      if (isAway.has(folder) || isDue) catchUp(folder, inData());
      damaged.set(folder, damagedLists(folder));
      if (isAway.delete(folder)) logger.info({ folder }, 'a folder of backups is back');
      lastThere.set(folder, at);
      return true;
    } catch (error) {
      if (!isAway.has(folder)) {
        isAway.add(folder);
        logger.warn(
          { folder, full: isFull(error) },
          `a folder of backups cannot be used: ${errorMessage(error)}`,
        );
      }
      return false;
    }
  };
  const lookAtAll = (): void => {
    for (const folder of folders()) look(folder);
  };

  const listAway = (): AwayFolder[] => {
    if (isAway.size === 0) return [];
    const present = folders();
    const all = inData();
    return [...isAway]
      .filter((folder) => present.includes(folder))
      .map((folder) => {
        const since = lastThere.get(folder) ?? null;
        const missing = all.filter(({ deletedAt }) => deletedAt >= (since ?? 0)).length;
        return { folder, since, missing };
      });
  };

  makeFolders(dataFolder, 0o700);
  try {
    open(dataFolder);
  } catch (cause) {
    if (!(cause instanceof ErasuresFileError)) throw cause;
    throw new BackupFolderError(
      `${cause.message} Put the right file back, or move this one away and start again.`,
      { cause },
    );
  }
  noteOlderCopy();
  if (regular !== undefined && !readBackupFolders(foldersPath).includes(regular)) {
    try {
      makeFolders(regular, 0o700);
      open(regular);
      rememberBackupFolder(foldersPath, regular);
    } catch (cause) {
      throw new BackupFolderError(
        `The folder for backups ${regular} cannot be written (${errorMessage(cause)}). ` +
          'Choose another with --backup-dir or HEADCOUNT_BACKUP_DIR.',
        { cause },
      );
    }
  }
  // What only the other files have, as after damage, comes back from them.
  const beside = folders()
    .filter((folder) => look(folder))
    .flatMap((folder) => open(folder).lines.map(({ erasure }) => erasure));
  catchUp(dataFolder, mergeErasures(beside));
  const timer = setInterval(() => {
    try {
      lookAtAll();
    } catch (error) {
      logger.warn({}, `folders of backups cannot be looked at: ${errorMessage(error)}`);
    }
  }, LOOK_MS);
  timer.unref();

  return {
    all: () => mergeErasures([...beside, ...inData()]),
    keep: (erasure) => {
      const at = erasure.deletedAt;
      append(dataFolder, erasure, at);
      for (const folder of folders()) {
        if (look(folder)) {
          try {
            const has = open(folder).lines.some((line) => keyOf(line.erasure) === keyOf(erasure));
            const reach = gapOf(folder) === undefined ? at : open(folder).reach;
            if (!has) append(folder, erasure, reach);
            continue;
          } catch (error) {
            if (folder === regular) throw error;
            logger.warn(
              { folder, full: isFull(error) },
              `a deletion was not written beside the backups: ${errorMessage(error)}`,
            );
          }
        }
        // It gets it when it is back.
        isAway.add(folder);
        if (folder === regular) throw new BackupFolderError(`${folder} is not there.`);
      }
    },
    inspect: () => {
      const there = folders().filter((folder) => look(folder));
      const incomplete = there
        .map((folder) => ({ folder, gap: gapOf(folder), damaged: damaged.get(folder) ?? [] }))
        .filter((one) => one.gap !== undefined || one.damaged.length > 0);
      return { away: listAway(), incomplete };
    },
    prune: (isNeeded, oldestIn) => {
      const listed = folders();
      const there = listed.filter((folder) => look(folder));
      const all = there.length === listed.length ? [dataFolder, ...there] : there;
      for (const folder of all) {
        const oldest = folder === dataFolder ? undefined : oldestIn(folder);
        // A backup that was made after the gap has what was deleted in it.
        if (oldest !== undefined && oldest.takenAt >= (gapOf(folder)?.to ?? Infinity)) {
          confirm(folder);
        }
        const content = open(folder);
        const kept =
          folder === dataFolder
            ? content.lines.findIndex(({ erasure }) => isNeeded(erasure))
            : content.lines.findIndex(({ mark }) => mark === oldest?.erasuresMark) + 1;
        const from = kept === -1 ? content.lines.length : kept;
        if (from > 0) dropFirst(folder, from);
      }
    },
    close: () => {
      clearInterval(timer);
      if (existsSync(dataFolder)) lookAtAll();
    },
  };
}
