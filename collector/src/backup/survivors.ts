import type { DataFolder } from '../data-folder.js';
import { type Epoch, readEpochs } from '../journal/epochs.js';
import { type JournalFacts, readJournalFacts } from '../recovery/database-facts.js';
import { type DatabaseState, examineDatabase, hasTable } from '../recovery/examine-database.js';
import { type Database, openShared } from '../sqlite/database.js';

/** What is left in a data folder that a restore replaces. */
export interface Survivors {
  readonly journal: DatabaseState<JournalFacts>;
}

/** Looks for what a restore can still use. Only what was hashed with the same pepper counts. */
export function findSurvivors({ journal }: DataFolder, pepperId: string): Survivors {
  return {
    journal: ofPepper(
      examineDatabase({
        ...{ path: journal, table: 'entries', thorough: true },
        readFacts: readJournalFacts,
      }),
      pepperId,
    ),
  };
}

function ofPepper(
  state: DatabaseState<JournalFacts>,
  pepperId: string,
): DatabaseState<JournalFacts> {
  if (state.kind !== 'usable') return state;
  const isOther = state.facts.pepperId !== null && state.facts.pepperId !== pepperId;
  return isOther ? { kind: 'unusable', reason: 'it belongs to another collector' } : state;
}

/** A journal that nobody writes. */
export interface RestingJournal {
  readonly epochs: readonly Epoch[];
  readonly read: (
    after: number,
    limit: number,
  ) => { readonly position: number; readonly body: string }[];
  close(): void;
}

/** Opens the journal of a folder that a restore replaces. */
export function openRestingJournal(path: string): RestingJournal {
  const db = openShared(path);
  const rows = db.prepare<{ position: number; body: string }>(
    'SELECT position, body FROM entries WHERE position > ? ORDER BY position LIMIT ?',
  );
  return {
    epochs: hasTable(db, 'epochs') ? readEpochs(db) : onlyEpoch(db),
    read: (after, limit) => rows.all([after, limit]),
    close: () => db.close(),
  };
}

/** Older releases have one epoch, with the ID of the journal. */
function onlyEpoch(db: Database): Epoch[] {
  const ids = db.prepare<{ id: string }>('SELECT id FROM identity').all();
  return ids.map(({ id }) => ({ id, after: 0, upTo: Infinity }));
}
