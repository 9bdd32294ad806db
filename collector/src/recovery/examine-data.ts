import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { KnownBefore } from '../counting/reconcile.js';
import {
  type CountsFacts,
  findContradiction,
  type JournalFacts,
  readCountsFacts,
  readJournalFacts,
} from './database-facts.js';
import { type DatabaseState, examineDatabase } from './examine-database.js';
import { explainMark } from '../store/moving/move-mark.js';
import { hasLog } from '../sqlite/database.js';

/** The state of the databases in a data folder before a start. */
export interface DataState {
  readonly journal: DatabaseState<JournalFacts>;
  readonly counts: DatabaseState<CountsFacts>;
  /** The databases of which only the write-ahead log is there. */
  readonly onlyLogs: readonly string[];
}

/** The data cannot be used as they are. The message says what is wrong and what to do next. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

export interface DataPaths {
  readonly path: string;
  readonly journal: string;
  readonly counts: string;
}

/** Examines the databases of a folder that no collector uses. @param thorough - Every page. */
export function examineData({ journal, counts }: DataPaths, thorough: boolean): DataState {
  return {
    onlyLogs: [journal, counts].filter((path) => hasLog(path) && isMissing(path)),
    journal: examineDatabase({
      ...{ path: journal, table: 'entries', thorough },
      readFacts: readJournalFacts,
    }),
    counts: examineDatabase({
      ...{ path: counts, table: 'users', thorough },
      readFacts: readCountsFacts,
      findContradiction,
    }),
  };
}

const isMissing = (path: string): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;

/** Whether anything was ever acknowledged or counted with the pepper that belongs here. */
export function needsItsPepper({ journal, counts }: DataState): boolean {
  const hasEntries = journal.kind === 'usable' && journal.facts.last > 0;
  return counts.kind === 'usable' || hasEntries;
}

/** @throws {@link DataError} if a collector that started on this would count wrong. */
export function refuseUnusable(state: DataState, { path }: DataPaths): void {
  const { journal, counts, onlyLogs } = state;
  for (const name of onlyLogs.map((file) => basename(file))) {
    throw new DataError(
      `${path} has ${name}-wal, but not ${name}, which it belongs to. Nothing was changed. Put ` +
        `${name} back from the same moment. Or ${lowerFirst(restoreWith(path))} Or move ` +
        `${name}-wal away and start again: what only that file holds is lost then.`,
    );
  }
  const unusable = [
    ...(journal.kind === 'unusable' ? [`journal.db: ${journal.reason}`] : []),
    ...(counts.kind === 'unusable' ? [`counts.db: ${counts.reason}`] : []),
  ];
  if (unusable.length > 0) {
    const isOne = unusable.length === 1;
    const journalOnly = isOne && journal.kind === 'unusable';
    throw new DataError(
      `${path} is damaged: ${unusable.join('; ')}. Nothing was changed. ${restoreWith(path)}` +
        (isOne && !journalOnly ? ' What journal.db still holds is counted too.' : '') +
        (journalOnly
          ? ' Or move journal.db and journal.db-* away and start again: the counts stay, and ' +
            'reports that were acknowledged but not counted yet are lost.'
          : ''),
    );
  }
  if (counts.kind === 'usable' || journal.kind !== 'usable' || journal.facts.removed === 0) return;
  throw new DataError(
    `counts.db in ${path} is ${counts.kind === 'empty' ? 'empty' : 'missing'}, but journal.db ` +
      `shows that ${journal.facts.removed} entries were counted in it. Nothing was changed. ` +
      `${restoreWith(path)} What journal.db still holds is counted too. Without a backup, ` +
      `headcount-collector restore --without-backup --data ${path} --replace counts what ` +
      'journal.db holds, and nothing else.',
  );
}

/** @throws {@link DataError} if the counts have moved away, or are here only in part. */
export function refuseMoved(
  { counts }: Pick<DataState, 'counts'>,
  where: string,
  draft: string | null,
): void {
  const mark = counts.kind === 'usable' ? counts.facts.move : null;
  if (mark !== null) throw new DataError(explainMark(mark, where));
  if (draft === null || !existsSync(draft)) return;
  throw new DataError(
    `${draft} shows that counts move to ${where}, and the move did not end. Nothing was changed. ` +
      'Run the same headcount-collector move again, which goes on where it ended. To give it up, ' +
      'remove that file.',
  );
}

/** @throws {@link DataError} if one of the databases was made with another pepper. */
export function refuseForeign(
  { journal, counts }: DataState,
  pepperId: string,
  { path }: DataPaths,
): void {
  const foreign = [
    ...(isForeign(journal, pepperId) ? ['journal.db'] : []),
    ...(isForeign(counts, pepperId) ? ['counts.db'] : []),
  ];
  if (foreign.length === 0) return;
  const what =
    foreign.length === 2
      ? 'pepper does not belong to journal.db and counts.db: it is that of another collector'
      : `${foreign.join()} does not belong to pepper: one of them is that of another collector`;
  throw new DataError(
    `In ${path}, ${what}. Every user would be counted again. Nothing was changed. ` +
      `Put the right file back, or restore a backup: ${restoreCommand(path)}`,
  );
}

function isForeign(
  state: DatabaseState<{ readonly pepperId: string | null }>,
  pepperId: string,
): boolean {
  if (state.kind !== 'usable') return false;
  return state.facts.pepperId !== null && state.facts.pepperId !== pepperId;
}

/**
 * What the counts know of the journal.
 *
 * @param wasUsed - Whether a collector has once had all of its files in the folder.
 * @param isShared - Whether the counts have the journals of other collectors too.
 */
export function journalKnownTo(
  { journal, counts }: DataState,
  wasUsed: boolean,
  isShared = false,
): KnownBefore['journal'] {
  if (isShared) {
    // A new collector beside others has lost nothing.
    const own = journal.kind === 'usable' ? journal.facts.epochs : [];
    const counted = counts.kind === 'usable' ? counts.facts.journals : [];
    return own.some((id) => counted.includes(id)) ? 'known' : 'first';
  }
  // A collector makes its journal before its counts.
  if (journal.kind !== 'usable' && (counts.kind === 'usable' || wasUsed)) return 'unknown';
  const known = counts.kind === 'usable' ? counts.facts.journals : [];
  if (known.length === 0) return 'first';
  const epochs = journal.kind === 'usable' ? journal.facts.epochs : [];
  return epochs.some((id) => known.includes(id)) ? 'known' : 'unknown';
}

const restoreCommand = (path: string): string =>
  `headcount-collector restore <backup> --data ${path} --replace`;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const restoreWith = (path: string): string => `Restore a backup: ${restoreCommand(path)}.`;
