import type { JournalReader } from '../journal/journal-reader.js';
import { receivedAfter } from './drain.js';

export interface ForgettableOptions {
  /** Entries that were received earlier are not needed any more, in milliseconds since 1970. */
  readonly before: number;
  /** The position up to which entries may go at all. */
  readonly upTo: number;
  /** Beyond so many bytes, counted entries give way to new ones. */
  readonly maxBytes: number;
}

/** The share of the counted entries that goes at a time where there are too many: a commit must be short. */
const SHARE = 1 / 16;

/** Finds the position up to which a journal may forget entries that it keeps for some time. */
export function findForgettable(
  journal: Pick<JournalReader, 'read' | 'extent' | 'usedBytes'>,
  { before, upTo, maxBytes }: ForgettableOptions,
): number {
  const { removed } = journal.extent();
  let [low, high] = [Math.min(removed, upTo), upTo];
  // Entries are in the order in which they were received, but for what a clock jumps.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = receivedAfter(journal, middle);
    if (next !== null && next < before) low = middle + 1;
    else high = middle;
  }
  if (journal.usedBytes() <= maxBytes) return low;
  return Math.max(low, removed + Math.ceil((upTo - removed) * SHARE));
}
