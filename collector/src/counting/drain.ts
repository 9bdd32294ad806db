import type { JournalReader } from '../journal/journal-reader.js';
import type { StoreWriter } from '../store/store.js';
import { nextBatch } from './next-batch.js';

export interface DrainParts {
  readonly journalId: string;
  readonly journal: JournalReader;
  readonly store: StoreWriter;
}

/**
 * Counts the next batch of the journal.
 *
 * @param limit - Entries a batch may have.
 * @param appliedAt - In milliseconds since 1970.
 * @returns How far the journal is counted now.
 */
export async function drainBatch(
  { journalId, journal, store }: DrainParts,
  limit: number,
  appliedAt: number,
): Promise<number> {
  const after = await store.position(journalId);
  const rows = journal.readAfter(after, limit);
  const batch = nextBatch(rows);
  if (batch === undefined) return after;
  await store.apply({ journalId, after, appliedAt, ...batch });
  return batch.upTo;
}
