import type { CountedReport } from '../counting/counted-report.js';
import type { FoldedQuality } from '../counting/fold.js';
import type { Eventually } from './eventually.js';

/** A user to be forgotten. */
export interface Deletion {
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Uint8Array;
  /** Reports made up to here are not counted any more; in milliseconds since 1970. */
  readonly deletedAt: number;
}

/** Reports and deletions out of one journal, and how far they reach. */
export interface Batch {
  readonly journalId: string;
  /** The position in the journal that the batch follows on. */
  readonly after: number;
  /** The position in the journal of the last entry. */
  readonly upTo: number;
  readonly reports: readonly CountedReport[];
  /** To be done after the reports are counted. */
  readonly deletions: readonly Deletion[];
  /**
   * What else is to be counted of quality: of reports that count as nothing else.
   *
   * @default nothing
   */
  readonly quality?: readonly FoldedQuality[];
  /**
   * When the last of the reports and deletions was received, in milliseconds since 1970; `null` where
   * there are none.
   */
  readonly appliedAt: number | null;
}

/** The part of a store that counts. One writer per store. */
export interface StoreWriter {
  /** How far a journal has been counted; 0 for one never seen. */
  position(journalId: string): Eventually<number>;
  /**
   * Counts a batch and moves the journal's position, both or neither. Reports whose key is known
   * are counted as duplicates and as nothing else. A batch that does not follow on the position
   * changes nothing: it has been counted already.
   *
   * A deletion erases all that is kept of a user, as if the user had never reported, and leaves a
   * tombstone for `TOMBSTONE_DAYS`: reports made until then are counted as `forgotten` and
   * as nothing else. What holds no user stays: `quality`, `reports` and `reportValues`, and what
   * is counted of days longer ago than a user's days are kept. Someone unknown leaves the same
   * tombstone, and no project.
   */
  apply(batch: Batch): Eventually<void>;
  close(): Eventually<void>;
}
