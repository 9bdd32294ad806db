import { decodeEntry } from '../journal/journal-entry.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { StoreWriter } from '../store/store.js';
import { countReport } from './count-report.js';
import { DEFAULT_ZONE } from './day.js';

export interface DrainParts {
  readonly journalId: string;
  readonly journal: JournalReader;
  readonly store: StoreWriter;
}

/**
 * Counts the next batch of the journal.
 *
 * @param limit - Reports a batch may have.
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
  const upTo = rows.at(-1)?.position;
  if (upTo === undefined) return after;
  const reports = rows.map(({ body }) => countReport(decodeEntry(body), DEFAULT_ZONE));
  await store.apply({ journalId, after, upTo, reports, appliedAt });
  return upTo;
}
