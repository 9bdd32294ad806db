import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { errorMessage } from '../error-message.js';
import { hasCode } from '../has-code.js';
import { makeFolders } from '../make-folders.js';
import { isFull } from '../sqlite/failure.js';
import { syncPath } from '../sync-path.js';
import {
  appendErasure,
  createErasures,
  type Erasures,
  ErasuresFileError,
  erasuresPath,
  lastMark,
  readErasures,
  replaceErasures,
} from './erasures-file.js';
import { type KeptErasure, mergeErasures } from './kept-erasure.js';

export interface ErasureKeeperOptions {
  readonly dataFolder: string;
  /** The file that lists the folders into which backups were made by hand. */
  readonly foldersPath: string;
  /** The folder of regular backups, if there is one. */
  readonly backupFolder: string | undefined;
  readonly pepperId: string;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Keeps deletions in a file in the data folder, and in one beside every set of backups. */
export interface ErasureKeeper {
  /** The erasures of all files that can be read. */
  all(): KeptErasure[];
  /**
   * Keeps an erasure. Its entry must be in the journal: so a backup that is begun meanwhile either
   * has the entry or is made where this looks.
   *
   * @throws If it is not on disk in the data folder or in the folder of regular backups.
   */
  keep(erasure: KeptErasure): void;
  /**
   * Removes what no longer has a use.
   *
   * @param isNeeded - Whether the data folder still needs an erasure.
   * @param oldestMark - The mark that the oldest backup in a folder has; `undefined` without one.
   */
  prune(
    isNeeded: (erasure: KeptErasure) => boolean,
    oldestMark: (folder: string) => string | undefined,
  ): void;
}

/** The folder of regular backups cannot be used. The message says what to do. */
export class BackupFolderError extends Error {
  override readonly name = 'BackupFolderError';
}

/** Adds a folder to those that get erasures. */
export function rememberBackupFolder(foldersPath: string, folder: string): void {
  const path = resolve(folder);
  if (readBackupFolders(foldersPath).includes(path)) return;
  // One append per line, so that two commands at once lose none.
  appendFileSync(foldersPath, `${path}\n`, { mode: 0o600 });
  syncPath(foldersPath);
}

/** The folders into which backups were made by hand. */
export function readBackupFolders(foldersPath: string): string[] {
  try {
    return readFileSync(foldersPath, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Opens the files; creates those of the data folder and of the folder of regular backups. */
export function openErasureKeeper(options: ErasureKeeperOptions): ErasureKeeper {
  const { dataFolder, foldersPath, backupFolder, pepperId, logger } = options;
  const needed = [dataFolder, ...(backupFolder === undefined ? [] : [resolve(backupFolder)])];
  const read = new Map<string, { content: Erasures; state: string }>();

  const foldersByHand = (): string[] =>
    readBackupFolders(foldersPath).filter((folder) => !needed.includes(folder));
  const open = (path: string): Erasures => {
    const state = stateOf(path);
    const known = read.get(path);
    if (known !== undefined && state !== undefined && known.state === state) return known.content;
    const content = readOwn(path) ?? createAnew(path);
    read.set(path, { content, state: stateOf(path) ?? '' });
    return content;
  };
  const createAnew = (path: string): Erasures => {
    createErasures(path, pepperId);
    const content = readOwn(path);
    if (content === undefined) throw new Error(`${path} disappeared while it was created.`);
    return content;
  };
  /** A damaged file is set aside: backups before it are restored without erasures only. */
  const readOwn = (path: string): Erasures | undefined => {
    try {
      const content = readErasures(path);
      if (content !== undefined && content.pepperId !== pepperId) {
        throw new ErasuresFileError(`${path} belongs to another collector.`);
      }
      return content;
    } catch (error) {
      if (!(error instanceof ErasuresFileError)) throw error;
      const aside = `${path}.damaged-${Date.now()}`;
      renameSync(path, aside);
      logger.warn({ path: aside }, `${error.message} It was set aside, and a new file begun.`);
      return undefined;
    }
  };
  const append = (folder: string, erasure: KeptErasure): void => {
    const path = erasuresPath(folder);
    const content = open(path);
    // After a failure, what is there then is read anew.
    read.delete(path);
    const next = appendErasure(path, content, erasure);
    read.set(path, { content: next, state: stateOf(path) ?? '' });
  };

  for (const folder of needed) {
    try {
      makeFolders(folder, 0o700);
      open(erasuresPath(folder));
    } catch (cause) {
      if (folder === dataFolder) throw cause;
      throw new BackupFolderError(
        `The folder for backups ${folder} cannot be written (${errorMessage(cause)}). ` +
          'Choose another with --backup-dir or HEADCOUNT_BACKUP_DIR.',
        { cause },
      );
    }
  }

  return {
    all: () => {
      const found: KeptErasure[] = [];
      for (const folder of [...needed, ...foldersByHand()]) {
        const path = erasuresPath(folder);
        if (!existsSync(path)) continue;
        found.push(...open(path).lines.map(({ erasure }) => erasure));
      }
      return mergeErasures(found);
    },
    keep: (erasure) => {
      for (const folder of needed) append(folder, erasure);
      for (const folder of foldersByHand()) {
        try {
          if (existsSync(folder)) append(folder, erasure);
        } catch (error) {
          logger.warn(
            { folder, full: isFull(error) },
            `a deletion was not written beside the backups: ${errorMessage(error)}`,
          );
        }
      }
    },
    prune: (isNeeded, oldestMark) => {
      for (const folder of [...needed, ...foldersByHand()]) {
        const path = erasuresPath(folder);
        if (!existsSync(path)) continue;
        const content = open(path);
        const kept =
          folder === dataFolder
            ? content.lines.findIndex(({ erasure }) => isNeeded(erasure))
            : content.lines.findIndex(({ mark }) => mark === oldestMark(folder)) + 1;
        const from = kept === -1 ? content.lines.length : kept;
        if (from === 0) continue;
        const base = lastMark({ base: content.base, lines: content.lines.slice(0, from) });
        replaceErasures(path, { pepperId, base, lines: content.lines.slice(from) });
        read.delete(path);
      }
    },
  };
}

function stateOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}
