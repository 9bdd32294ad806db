import { hasCode } from '../has-code.js';
import { UNKNOWN_FORMAT } from '../journal/journal-entry.js';
import { isSqliteError } from '../sqlite/failure.js';
import { isStoreDown } from '../store-down-error.js';
import { ThreadDiedError } from '../threads/open-thread.js';

/** How many entries the next transaction takes. */
export interface BatchSize {
  /** 0 once the next entry is known to be uncountable. */
  readonly entries: number;
  /** Grows again after a transaction that was committed. */
  grow(): void;
  /**
   * Halves after a failure, to find the entry that cannot be counted, so that it does not stop later
   * ones.
   *
   * @returns Whether there was something to halve: not if no entry has caused the error.
   */
  halve(error: unknown): boolean;
}

/** Entries of a transaction at most: larger ones cost less a report, and more memory. */
const MAX_ENTRIES = 1000;

export function createBatchSize(): BatchSize {
  let entries = MAX_ENTRIES;
  return {
    get entries() {
      return entries;
    },
    grow: () => {
      entries = Math.min(Math.max(entries, 1) * 2, MAX_ENTRIES);
    },
    halve: (error) => {
      if (entries === 0 || !isOfEntries(error)) return false;
      entries = Math.floor(entries / 2);
      return true;
    },
  };
}

/** Whether an entry caused the error, not the disk, a store that is down, or a dead thread. */
const isOfEntries = (error: unknown): boolean =>
  !isSqliteError(error) &&
  !isStoreDown(error) &&
  !(error instanceof ThreadDiedError) &&
  !hasCode(error, UNKNOWN_FORMAT);
