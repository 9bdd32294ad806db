import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { finishReplacing, isReplacing } from './replace-folder.js';
import type { KnownBefore } from '../counting/reconcile.js';
import type { CountsFacts } from './database-facts.js';
import type { DataFolder } from '../data-folder.js';
import { draftOf } from '../store/moving/draft-of.js';
import { openPepper, pepperIdOf } from '../privacy/pepper.js';
import { syncPath } from '../sync-path.js';
import { openThread } from '../threads/open-thread.js';
import { isClean, markClean } from './clean-mark.js';
import {
  DataError,
  type DataState,
  examineData,
  journalKnownTo,
  needsItsPepper,
  refuseForeign,
  refuseMoved,
  refuseUnusable,
} from './examine-data.js';
import type { ExamineOperations } from './examine-thread.js';
import { keepStandingFiles } from './standing-files.js';

/** Data that a collector may start on. */
export interface OpenedData {
  readonly pepper: Buffer;
  readonly pepperId: string;
  readonly knownJournal: KnownBefore['journal'];
  /** When a user was last deleted, in milliseconds since 1970, as far as the counts keep it. */
  readonly lastDeletionAt: number | null;
  /** Remembers that the folder has all of its files. */
  readonly markBegun: () => void;
  /** Remembers that the databases are closed as they are now. */
  readonly markClosed: () => void;
}

/**
 * Finishes a restore that was cut off, and examines the data of a locked folder. Every page of the
 * databases is read, unless they are as a collector has closed them.
 *
 * @param shared - What the counts say of themselves, if they are not in the folder.
 * @throws `DataError` or `PepperError` if a collector that started on them would count wrong.
 */
export async function openData(
  folder: DataFolder,
  logger: Pick<Logger, 'warn'>,
  shared?: CountsFacts,
): Promise<OpenedData> {
  if (isReplacing(folder)) logger.warn('a restore that was cut off is finished');
  finishReplacing(folder);
  const databases = shared ? [folder.journal] : [folder.journal, folder.counts];
  const found = await examine(folder, !isClean(folder.clean, databases));
  const state: DataState = shared
    ? { ...found, counts: { kind: 'usable', facts: shared, isCut: false } }
    : found;
  if (shared) refuseMoved(state, 'The store', null);
  else refuseMoved(state, folder.counts, draftOf(folder.counts));
  if (shared) refuseLeftBehind(found, folder);
  refuseUnusable(state, folder);
  const wasUsed = existsSync(folder.pepper) && !existsSync(folder.firstStart);
  const needsPepper =
    (shared ? shared.pepperId !== null : needsItsPepper(state)) || existsSync(folder.erasures);
  if (!wasUsed && !needsPepper) {
    // Else a start that was cut off after the pepper looks like a folder that lost its databases.
    writeFileSync(folder.firstStart, '', { mode: 0o600 });
    syncPath(folder.path);
  }
  const needsOthers = shared !== undefined && shared.pepperId !== null;
  if (needsOthers && !existsSync(folder.pepper)) throw otherPepper(folder);
  const pepper = openPepper(folder.pepper, !needsPepper);
  const pepperId = pepperIdOf(pepper);
  if (needsOthers && shared.pepperId !== pepperId) throw otherPepper(folder);
  refuseForeign(state, pepperId, folder);
  // A new collector on a store begins with no more than the pepper of the others.
  const hasCounted = shared
    ? wasUsed && (state.journal.kind === 'usable' || existsSync(folder.inStore))
    : state.counts.kind === 'usable';
  if (state.journal.kind !== 'usable' && hasCounted) {
    logger.warn({ journal: state.journal.kind }, 'there is no journal beside the counts');
  }
  for (const name of ['journal', 'counts'] as const) {
    const found = state[name];
    if (found.kind !== 'usable' || !found.isCut) continue;
    logger.warn(
      { file: `${name}.db` },
      `${name}.db was copied without ${name}.db-wal, or another program has removed that: what ` +
        'only the log held is not there',
    );
  }
  const lastDeletionAt = state.counts.kind === 'usable' ? state.counts.facts.lastDeletionAt : null;
  return {
    ...{
      pepper,
      pepperId,
      knownJournal: journalKnownTo(state, wasUsed, shared !== undefined),
      lastDeletionAt,
    },
    markBegun: () => {
      keepStandingFiles(folder, { wasUsed: hasCounted, isShared: shared !== undefined }, logger);
      rmSync(folder.firstStart, { force: true });
    },
    markClosed: () => markClean(folder.clean, databases),
  };
}

const otherPepper = ({ path }: DataFolder): DataError =>
  new DataError(
    'The store has users who were hashed with another pepper. All of its collectors need the ' +
      `same one: copy the file pepper of the first into ${path}.`,
  );

/**
 * @throws `DataError` if a folder has counts of its own that a store would not have: they would seem to
 *   be lost.
 */
function refuseLeftBehind({ counts }: DataState, { path, inStore }: DataFolder): void {
  if (counts.kind !== 'usable' || counts.facts.move !== null || existsSync(inStore)) return;
  if (counts.facts.journals.length === 0) return;
  throw new DataError(
    `${path} has counts that the store does not have. Move them: headcount-collector move --to store ` +
      `--data ${path}. To count in the store without them, choose an empty folder with its pepper.`,
  );
}

/**
 * Examines in a thread that ends, since the binding closes a connection only when the garbage
 * collector finds it. Until then, one to a database with a log would keep that from being removed.
 * One to a database without a log takes the locks of all others to it with it when it is closed: then
 * another program that closes the database would remove the log of a running collector.
 */
async function examine(folder: DataFolder, thorough: boolean): Promise<DataState> {
  const { path, journal, counts } = folder;
  const paths = { path, journal, counts };
  if (![journal, counts].some((file) => existsSync(file))) return examineData(paths, thorough);
  const thread = await openThread<ExamineOperations>(
    new URL('./examine-thread.js', import.meta.url),
    undefined,
  );
  try {
    return await thread.call('examine', { paths, thorough });
  } finally {
    await thread.close();
  }
}
