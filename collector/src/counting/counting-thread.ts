import { workerData } from 'node:worker_threads';
import { openJournalReader } from '../journal/journal-reader.js';
import { REMEMBERED_DAYS } from '../rules/limits.js';
import type { Retention } from '../rules/retention-classes.js';
import type { CountsPlace } from '../store/counts-place.js';
import { openWriterOf } from '../store/open-counts.js';
import type { DropSlice } from '../store/store.js';
import { serveThread } from '../threads/serve-thread.js';
import { drainBatch, skipEntry, waitingSince } from './drain.js';
import { createCursor } from './place.js';
import { type KnownBefore, reconcile } from './reconcile.js';

export interface CountingThreadData {
  readonly journalPath: string;
  readonly counts: CountsPlace;
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  /** Tells which pepper users are hashed with. */
  readonly pepperId: string;
  readonly kept: Pick<Retention, 'keys' | 'tombstones'>;
}

const { journalPath, counts, openedAt, pepperId, kept } = workerData as CountingThreadData;
const journal = openJournalReader(journalPath);
const { epochs } = journal.extent();
// Its first epoch names a journal for as long as there is one.
const node = epochs[0]?.id ?? '';
const store = await openWriterOf(counts, { openedAt, pepperId, kept, node });
const cursor = createCursor(epochs, store);
const parts = { journal, store, cursor, keysDays: kept.keys ?? REMEMBERED_DAYS };

const operations = {
  /** Must be called first. */
  begin: async (known: KnownBefore) => {
    const repairs = await reconcile(
      { journal, store, isShared: counts.kind === 'postgres' },
      known,
      openedAt,
    );
    store.forgetLostLog?.();
    const { position } = await cursor.find();
    const hasWork = await store.hasWork();
    return { repairs, position, waitingSince: await waitingSince(parts), hasWork };
  },
  drain: async ({ limit }: { limit: number }) => ({
    position: await drainBatch(parts, limit),
    hasWork: await store.hasWork(),
  }),
  giveBack: (limitMs: number) => store.giveBack(limitMs),
  drop: (slice: DropSlice) => store.drop(slice),
  skip: async ({ at }: { at: number }) => ({
    position: await skipEntry(parts, at),
    hasWork: await store.hasWork(),
  }),
  /** The next slice of a cleaning. */
  work: () => store.work(),
};

/** The operations of the counting thread. */
export type CountingOperations = typeof operations;

serveThread(operations, () => {
  void store.close();
  journal.close();
});
