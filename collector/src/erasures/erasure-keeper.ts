import { resolve } from 'node:path';
import { createDiskQueue, DiskHangsError } from '../disk-queue.js';
import { errorMessage } from '../error-message.js';
import { makeFolders } from '../make-folders.js';
import { DAY_MS } from '../rules/day.js';
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
  /** What it does not do, if its disk, or one that is looked at before it, does not answer. */
  readonly hangs: string | undefined;
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
  /** The erasures of all files that could be read. */
  all(): KeptErasure[];
  /**
   * Keeps an erasure. Its entry must be in the journal: so a backup that is begun meanwhile either
   * has the entry or is made where this looks. A folder that is away gets it when it is back.
   *
   * @throws If it is not on disk in the data folder or in the folder of regular backups.
   */
  keep(erasure: KeptErasure): Promise<void>;
  /**
   * Looks at all folders, and brings those that are back up to date. A folder whose disk does not
   * answer is away.
   */
  inspect(): Promise<FoldersState>;
  /** What the last look has found. */
  readonly state: FoldersState;
  /**
   * Removes what no longer has a use. The data folder keeps everything while a folder is away.
   *
   * @param isNeeded - Whether the data folder still needs an erasure.
   * @param oldestIn - The oldest backup in a folder; `undefined` without one.
   */
  prune(
    isNeeded: (erasure: KeptErasure) => boolean,
    oldestIn: (folder: string) => Promise<OldestBackup | undefined>,
  ): Promise<void>;
  close(): Promise<void>;
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

/** How long a disk may take for one look or one deletion, in milliseconds. */
const DISK_MS = 5000;

/** How often a file is told that it has everything, in milliseconds. */
const CONFIRM_MS = 60 * 60 * 1000;

/** What a folder gets again when it is back: clocks may have differed by so much. */
const OVERLAP_MS = DAY_MS;

/** Opens the files; creates those of the data folder and, once, of the folder of regular backups. */
export async function openErasureKeeper(options: ErasureKeeperOptions): Promise<ErasureKeeper> {
  const { dataFolder, foldersPath, now, logger } = options;
  const regular = options.backupFolder === undefined ? undefined : resolve(options.backupFolder);
  const lastThere = new Map<string, number>();
  /** The folders that are away, with what their disks do not do. */
  const isAway = new Map<string, string | undefined>();
  const incomplete = new Map<string, IncompleteFolder>();
  let listed: readonly string[] = [];

  const dataDisk = createDiskQueue(DISK_MS);
  // Regular backups do not wait for volumes that were once used by hand.
  const disks = { regular: createDiskQueue(DISK_MS), others: createDiskQueue(DISK_MS) };
  const inTurn = <Result>(folder: string, work: () => Promise<Result>): Promise<Result> =>
    (folder === regular ? disks.regular : disks.others).run(folder, work);

  const { known, open, inData, append, confirm, dropFirst, noteOlderCopy } = createErasureLists({
    ...options,
    dataDisk,
  });
  /** The time of which neither a folder nor the data folder may know all deletions. */
  const gapOf = async (folder: string): Promise<IncompleteFolder['gap']> => {
    const [{ reach: from }, { since: to }] = [await open(folder), await open(dataFolder)];
    return folder !== dataFolder && from < to ? { from, to } : undefined;
  };
  /** Adds to a file what it may have missed. */
  const catchUp = async (folder: string, from: readonly KeptErasure[]): Promise<void> => {
    const { lines, reach } = await open(folder);
    const has = new Set(lines.map(({ erasure }) => keyOf(erasure)));
    const missing = from.filter(
      (erasure) => erasure.deletedAt > reach - OVERLAP_MS && !has.has(keyOf(erasure)),
    );
    for (const erasure of missing) await append(folder, erasure, reach);
    if ((await gapOf(folder)) === undefined) await confirm(folder);
    if (missing.length > 0) {
      logger.info({ folder, deletions: missing.length }, 'deletions were written beside backups');
    }
  };
  const folders = async (): Promise<readonly string[]> => {
    const named = await dataDisk.run(dataFolder, () => readBackupFolders(foldersPath));
    const all = new Set([...(regular === undefined ? [] : [regular]), ...named]);
    all.delete(dataFolder);
    return (listed = [...all]);
  };

  const lookNow = async (folder: string): Promise<void> => {
    const at = now().getTime();
    if (!(await isBackupFolderThere(folder))) {
      throw new BackupFolderError('its file erasures is missing');
    }
    const current = await known(folder);
    const isDue =
      current === undefined ||
      (at - current.reach >= CONFIRM_MS && (await gapOf(folder)) === undefined);
    if (isAway.has(folder) || isDue) {
      await open(dataFolder);
      await catchUp(folder, inData());
    }
    const [gap, damaged] = [await gapOf(folder), await damagedLists(folder)];
    if (gap === undefined && damaged.length === 0) incomplete.delete(folder);
    else incomplete.set(folder, { folder, gap, damaged });
    if (isAway.delete(folder)) logger.info({ folder }, 'a folder of backups is back');
    lastThere.set(folder, at);
  };
  const giveUp = (folder: string, error: unknown): void => {
    if (!isAway.has(folder)) {
      logger.warn(
        { folder, full: isFull(error) },
        `a folder of backups cannot be used: ${errorMessage(error)}`,
      );
    }
    isAway.set(folder, error instanceof DiskHangsError ? error.message : undefined);
  };
  /** Looks at a folder, and then does more there. Returns whether it is there and has everything. */
  const look = async (
    folder: string,
    more: () => Promise<void> = () => Promise.resolve(),
  ): Promise<boolean> => {
    let error: unknown;
    try {
      const isDone = await inTurn(folder, async () => {
        try {
          await lookNow(folder);
        } catch (thrown) {
          error = thrown;
          return false;
        }
        await more();
        return true;
      });
      if (isDone) return true;
    } catch (thrown) {
      if (!(thrown instanceof DiskHangsError)) throw thrown;
      error = thrown;
    }
    giveUp(folder, error);
    return false;
  };
  const lookAtAll = async (): Promise<void> => {
    await Promise.all((await folders()).map((folder) => look(folder)));
  };

  const listAway = (): AwayFolder[] =>
    [...isAway]
      .filter(([folder]) => listed.includes(folder))
      .map(([folder, hangs]) => {
        const since = lastThere.get(folder) ?? null;
        const missing = inData().filter(({ deletedAt }) => deletedAt >= (since ?? 0)).length;
        return { folder, since, missing, hangs };
      });
  const stateNow = (): FoldersState => ({
    away: listAway(),
    incomplete: [...incomplete.values()].filter(
      ({ folder }) => listed.includes(folder) && !isAway.has(folder),
    ),
  });
  const keepIn = async (folder: string, erasure: KeptErasure): Promise<void> => {
    try {
      const isKept = await look(folder, async () => {
        const { lines, reach } = await open(folder);
        if (lines.some((line) => keyOf(line.erasure) === keyOf(erasure))) return;
        const isWhole = (await gapOf(folder)) === undefined;
        await append(folder, erasure, isWhole ? erasure.deletedAt : reach);
      });
      if (isKept) return;
    } catch (error) {
      if (folder === regular) throw error;
      logger.warn(
        { folder, full: isFull(error) },
        `a deletion was not written beside the backups: ${errorMessage(error)}`,
      );
    }
    // It gets it when it is back.
    if (!isAway.has(folder)) isAway.set(folder, undefined);
    if (folder === regular) throw new BackupFolderError(`${folder} is not there.`);
  };

  const pruneBeside = async (folder: string, oldest: OldestBackup | undefined): Promise<void> => {
    // A backup that was made after the gap has what was deleted in it.
    const gap = await gapOf(folder);
    if (oldest !== undefined && oldest.takenAt >= (gap?.to ?? Infinity)) await confirm(folder);
    const { lines } = await open(folder);
    const gone = lines.findIndex(({ mark }) => mark === oldest?.erasuresMark) + 1;
    if (gone > 0) await dropFirst(folder, gone);
  };

  makeFolders(dataFolder, 0o700);
  try {
    await open(dataFolder);
  } catch (cause) {
    if (!(cause instanceof ErasuresFileError)) throw cause;
    throw new BackupFolderError(
      `${cause.message} Put the right file back, or move this one away and start again.`,
      { cause },
    );
  }
  await noteOlderCopy();
  if (regular !== undefined && !(await readBackupFolders(foldersPath)).includes(regular)) {
    try {
      makeFolders(regular, 0o700);
      await inTurn(regular, () => open(regular));
      await rememberBackupFolder(foldersPath, regular);
    } catch (cause) {
      throw new BackupFolderError(
        `The folder for backups ${regular} cannot be written (${errorMessage(cause)}). ` +
          'Choose another with --backup-dir or HEADCOUNT_BACKUP_DIR.',
        { cause },
      );
    }
  }
  // What only the other files have, as after damage, comes back from them.
  const beside: KeptErasure[] = [];
  for (const folder of await folders()) {
    await look(folder, async () => {
      beside.push(...(await open(folder)).lines.map(({ erasure }) => erasure));
    });
  }
  await catchUp(dataFolder, mergeErasures(beside));
  const timer = setInterval(() => {
    lookAtAll().catch((error: unknown) => {
      // Of a data folder that does not answer, /health tells.
      if (error instanceof DiskHangsError) return;
      logger.warn({}, `folders of backups cannot be looked at: ${errorMessage(error)}`);
    });
  }, LOOK_MS);
  timer.unref();

  return {
    all: () => mergeErasures([...beside, ...inData()]),
    keep: async (erasure) => {
      await append(dataFolder, erasure, erasure.deletedAt);
      await Promise.all((await folders()).map((folder) => keepIn(folder, erasure)));
    },
    inspect: async () => {
      await lookAtAll();
      return stateNow();
    },
    get state() {
      return stateNow();
    },
    prune: async (isNeeded, oldestIn) => {
      const all = await folders();
      let isComplete = true;
      for (const folder of all) {
        const oldest = await oldestIn(folder);
        if (!(await look(folder, () => pruneBeside(folder, oldest)))) isComplete = false;
      }
      if (!isComplete) return;
      const { lines } = await open(dataFolder);
      const from = lines.findIndex(({ erasure }) => isNeeded(erasure));
      const gone = from === -1 ? lines.length : from;
      if (gone > 0) await dropFirst(dataFolder, gone);
    },
    close: async () => {
      clearInterval(timer);
      if (await isBackupFolderThere(dataFolder)) await lookAtAll();
    },
  };
}
