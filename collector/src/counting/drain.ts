import type { JournalReader } from '../journal/journal-reader.js';
import type { StoreWriter } from '../store/store-writer.js';
import { dayOf, DEFAULT_ZONE } from './day.js';
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
 * @returns How far the journal is counted now.
 */
export async function drainBatch(
  { journalId, journal, store }: DrainParts,
  limit: number,
): Promise<number> {
  const after = await store.position(journalId);
  const rows = journal.readAfter(after, limit);
  const batch = nextBatch(rows);
  if (batch === undefined) return after;
  await store.apply({ journalId, after, ...batch });
  return batch.upTo;
}

/** Entries that are looked at for one that tells since when it waits. */
const LOOKED_AT = 100;

/**
 * Since when the oldest entry that can be read waits to be counted, in milliseconds since 1970; `null`
 * if none does.
 */
export async function waitingSince({
  journalId,
  journal,
  store,
}: DrainParts): Promise<number | null> {
  for (const { body } of journal.readAfter(await store.position(journalId), LOOKED_AT)) {
    const receivedAt = receivedAtOf(body);
    if (receivedAt !== null) return receivedAt;
  }
  return null;
}

/**
 * Sets the next entry aside, which no code can count, so that those behind it are counted. It is
 * counted as that.
 *
 * @param at - The moment, in milliseconds since 1970: its day is told of.
 * @returns How far the journal is counted now.
 */
export async function skipEntry(
  { journalId, journal, store }: DrainParts,
  at: number,
): Promise<number> {
  const after = await store.position(journalId);
  const [first] = journal.readAfter(after, 1);
  if (first === undefined) return after;
  const day = dayOf(at, DEFAULT_ZONE);
  const quality = [{ project: null, day, kind: 'uncountable' as const, count: 1 }];
  const upTo = first.position;
  await store.apply({
    journalId,
    after,
    upTo,
    reports: [],
    deletions: [],
    quality,
    appliedAt: null,
  });
  return upTo;
}

function receivedAtOf(body: string): number | null {
  let entry: unknown;
  try {
    entry = JSON.parse(body);
  } catch {
    // It is set aside when its turn comes.
    return null;
  }
  if (typeof entry !== 'object' || entry === null || !('receivedAt' in entry)) return null;
  return typeof entry.receivedAt === 'number' ? entry.receivedAt : null;
}
