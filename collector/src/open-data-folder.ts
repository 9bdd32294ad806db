import type { Logger } from 'pino';
import { databasesOf, type DataFolder, lockDataFolder, prepareDataFolder } from './data-folder.js';
import { type OpenedFolder, rememberFolder } from './opened-folder.js';
import type { OpenedParts } from './opened-parts.js';
import type { CountsFacts } from './recovery/database-facts.js';
import { type OpenedData, openData } from './recovery/open-data.js';
import { bringUpToDate } from './sqlite/bring-up-to-date.js';
import { rebuildToGiveBack } from './sqlite/give-back.js';
import type { MigrationProgress } from './sqlite/migrate.js';
import type { CountsPlace } from './store/counts-place.js';
import { loadPostgres } from './store/load-postgres.js';

/** A data folder that is locked, examined and up to date. */
export interface OpenedDataFolder extends Omit<OpenedData, 'markClosed'> {
  /** As it was opened. */
  readonly opening: OpenedFolder;
  /** The paths of its databases. */
  readonly databases: readonly string[];
  /** Remembers that the start has not failed: a start that did leaves the folder as it was. */
  readonly markOpen: () => void;
}

export interface OpenDataFolderOptions {
  readonly folder: DataFolder;
  readonly counts: CountsPlace;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly onProgress: ((progress: MigrationProgress) => void) | undefined;
  readonly keep: OpenedParts['keep'];
}

/**
 * Locks the folder of a collector, examines its data, and brings its databases up to date.
 *
 * @throws `DataError`, `PepperError` and others if the collector would count wrong
 */
export async function openDataFolder(options: OpenDataFolderOptions): Promise<OpenedDataFolder> {
  const { folder, counts, logger, now, onProgress, keep } = options;
  const open = prepareDataFolder(folder);
  if (open.length > 0) {
    logger.warn({ paths: open }, 'other users may read these: give them to the collector’s user');
  }
  keep(lockDataFolder(folder));
  const facts = await factsOf(counts, now().getTime(), logger);
  const { markClosed, ...data } = await openData(folder, logger, facts);
  const opening = rememberFolder(folder.path);
  let isOpen = false;
  // The end of a start that failed leaves the folder as it was, and any end another folder.
  keep({ close: () => isOpen && isSame(opening) && markClosed() });
  const databases = databasesOf(folder).filter(
    ({ path }) => path !== folder.counts || counts.kind === 'sqlite',
  );
  for (const { path, schema } of databases) {
    const change = bringUpToDate(path, schema, { now, onProgress });
    if (change) logger.info(change, 'schema changed');
    const rebuilt = rebuildToGiveBack(path);
    if (rebuilt !== 'not-needed') {
      logger.info({ file: schema.file, rebuilt }, 'made ready to give room back to the disk');
    }
  }
  return {
    ...{ ...data, opening, databases: databases.map(({ path }) => path) },
    markOpen: () => {
      isOpen = true;
    },
  };
}

async function factsOf(
  counts: CountsPlace,
  at: number,
  logger: Logger,
): Promise<CountsFacts | undefined> {
  if (counts.kind === 'sqlite') return undefined;
  const { readStoreFacts } = await loadPostgres();
  const { isSynced, ...facts } = await readStoreFacts(counts.address, at, counts.timelines);
  if (!isSynced) {
    logger.warn(
      'the server of --store has fsync = off: what is acknowledged and counted can be lost with its power. Set fsync = on',
    );
  }
  return facts;
}

function isSame(folder: OpenedFolder): boolean {
  try {
    folder.checkNow();
    return true;
  } catch {
    return false; // the mark would be in a folder that is none of ours
  }
}
