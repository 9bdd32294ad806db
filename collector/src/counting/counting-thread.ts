import { workerData } from 'node:worker_threads';
import type { KeptErasure } from '../erasures/kept-erasure.js';
import { type JournalExtent, openJournalReader } from '../journal/journal-reader.js';
import { REMEMBERED_DAYS } from '../rules/limits.js';
import type { Retention } from '../rules/retention-classes.js';
import type { CountsPlace } from '../store/counts-place.js';
import { markOf } from '../store/mark-of.js';
import { openReplicaOf, openWriterOf } from '../store/open-counts.js';
import type { DropSlice, FoldSlice } from '../store/store.js';
import { serveThread } from '../threads/serve-thread.js';
import { drainBatch, receivedAfter, skipEntry, waitingSince } from './drain.js';
import { findForgettable, type ForgettableOptions } from './forgettable.js';
import { createCursor, findPlace } from './place.js';
import { type Losses, recordLosses } from './record-losses.js';
import { type KnownBefore, reconcile } from './reconcile.js';
import type { ReplicaAnswer } from './replica-watch.js';

export interface CountingThreadData {
  readonly journalPath: string;
  readonly counts: CountsPlace;
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  /** Tells which pepper users are hashed with. */
  readonly pepperId: string;
  readonly kept: Pick<Retention, 'keys' | 'tombstones'>;
}

/** What a store is put right with that may have counted less than it had. */
export interface Settling {
  readonly erasures: readonly KeptErasure[];
  /** The position up to which the journal's entries are forgotten. */
  readonly forgotten: number;
  /** In milliseconds since 1970. */
  readonly at: number;
}

const { journalPath, counts, openedAt, pepperId, kept } = workerData as CountingThreadData;
const journal = openJournalReader(journalPath);
const { epochs } = journal.extent();
// Its first epoch names a journal for as long as there is one.
const node = epochs[0]?.id ?? '';
const store = await openWriterOf(counts, { openedAt, pepperId, kept, node });
const cursor = createCursor(epochs, store, () => journal.extent().last);
const parts = { journal, store, cursor, keysDays: kept.keys ?? REMEMBERED_DAYS };

const isShared = counts.kind === 'postgres';
const replica = isShared && counts.replica ? await openReplicaOf(counts.replica) : undefined;

/** What the thread tells after each operation. */
const stateAt = async (position: number) => ({
  position,
  hasWork: await store.hasWork(),
  /** What a replica must have to have all this; `undefined` where there is none. */
  mark: store.mark,
});

const operations = {
  /** Must be called first. */
  begin: async (known: KnownBefore) => {
    const repairs = await reconcile({ journal, store, isShared }, known, openedAt);
    store.forgetLostLog?.();
    const { position } = await cursor.find();
    return {
      ...(await stateAt(position)),
      ...{ repairs, node, waitingSince: await waitingSince(parts) },
      /** When the oldest entry was received that the journal has, counted or not. */
      keptSince: receivedAfter(journal, 0),
    };
  },
  /** Must be called after a `StoreChangedError`, before anything else. */
  settle: async ({ erasures, forgotten, at }: Settling) => {
    store.accept?.();
    cursor.restart();
    const extent = (): JournalExtent => {
      const now = journal.extent();
      // What is to be forgotten may go at any moment.
      return { ...now, removed: Math.max(now.removed, forgotten) };
    };
    const known = { journal: 'known', erasures } as const;
    const repairs = await reconcile({ journal: { extent }, store, isShared }, known, at);
    const { position } = await cursor.find();
    return {
      ...(await stateAt(position)),
      ...{ repairs, waitingSince: await waitingSince(parts) },
    };
  },
  drain: async ({ limit }: { limit: number }) => stateAt(await drainBatch(parts, limit)),
  /** How far the journal is counted, while there is nothing to count. */
  look: async () => stateAt((await cursor.find()).position),
  /** How far the replica has it counted. */
  covered: async (): Promise<ReplicaAnswer> => {
    if (replica === undefined) return { position: 0, mark: 0, isStandby: false };
    const name = markOf(node);
    const { positions, isStandby } = await replica.read([name, ...epochs.map(({ id }) => id)]);
    const mark = positions.get(name) ?? 0;
    // One that follows another server may have other entries at these positions.
    if (mark < (store.mark?.first ?? 0)) return { position: 0, mark, isStandby };
    const { position } = await findPlace(epochs, { position: (id) => positions.get(id) ?? 0 });
    return { position, mark, isStandby };
  },
  forgettable: (options: ForgettableOptions) => findForgettable(journal, options),
  giveBack: (limitMs: number) => store.giveBack(limitMs),
  fold: (slice: FoldSlice) => store.fold(slice),
  drop: async (slice: DropSlice) => ({ ...(await store.drop(slice)), mark: store.mark }),
  lose: async (losses: Losses) => {
    await recordLosses(store, losses);
    return { mark: store.mark };
  },
  skip: async ({ at }: { at: number }) => stateAt(await skipEntry(parts, at)),
  /** The next slice of a cleaning. */
  work: async () => {
    await store.work();
    return stateAt((await cursor.find()).position);
  },
};

/** The operations of the counting thread. */
export type CountingOperations = typeof operations;

serveThread(operations, () => {
  void store.close();
  void replica?.close();
  journal.close();
});
