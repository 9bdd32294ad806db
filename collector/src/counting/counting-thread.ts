import { workerData } from 'node:worker_threads';
import { openJournalReader } from '../journal/journal-reader.js';
import { REMEMBERED_DAYS } from '../rules/limits.js';
import type { Retention } from '../rules/retention-classes.js';
import { openCountsWriter } from '../store/sqlite/counts-writer.js';
import type { DropSlice } from '../store/store.js';
import { serveThread } from '../threads/serve-thread.js';
import { drainBatch, skipEntry, waitingSince } from './drain.js';

export interface CountingThreadData {
  readonly journalId: string;
  readonly journalPath: string;
  readonly countsPath: string;
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  readonly kept: Pick<Retention, 'keys' | 'tombstones'>;
}

const { journalId, journalPath, countsPath, openedAt, kept } = workerData as CountingThreadData;
const journal = openJournalReader(journalPath);
const store = openCountsWriter(countsPath, openedAt, kept);
const parts = { journalId, journal, store, keysDays: kept.keys ?? REMEMBERED_DAYS };

const operations = {
  position: async () => ({
    position: await store.position(journalId),
    waitingSince: await waitingSince(parts),
  }),
  drain: ({ limit }: { limit: number }) => drainBatch(parts, limit),
  giveBack: (limitMs: number) => store.giveBack(limitMs),
  drop: (slice: DropSlice) => store.drop(slice),
  skip: ({ at }: { at: number }) => skipEntry(parts, at),
};

/** The operations of the counting thread. */
export type CountingOperations = typeof operations;

serveThread(operations, () => {
  void store.close();
  journal.close();
});
