import { randomUUID } from 'node:crypto';
import type { GivenBack } from '../sqlite/give-back.js';
import type { GoneNode } from '../store/shared-store.js';
import type { Dropped, DropSlice, Folded, FoldSlice } from '../store/store.js';
import { openThread, type ThreadDiedError } from '../threads/open-thread.js';
import { type CountingFailure, createCountingLoop } from './counting-loop.js';
import type { CountingOptions } from './counting-options.js';
import type { CountingOperations, CountingThreadData } from './counting-thread.js';
import { createCountWaiters } from './count-waiters.js';
import { createKeptEntries, type ReplicaState } from './kept-entries.js';
import type { Repair } from './reconcile.js';

/** Entries that an end leaves in the journal, for the next start. */
export interface LeftEntries {
  /** Those that are not counted. */
  readonly uncounted: number;
  /** Those that are counted, and that the replica does not have. */
  readonly uncovered: number;
}

/** Counts journal entries as soon as they are on disk. */
export interface Counting {
  /** What did not fit between the journal and the counts when they were opened. */
  readonly repairs: readonly Repair[];
  /** The name of the node in a store that several share. */
  readonly node: string;
  /**
   * Waits until all entries that are on disk now are counted, for at most `limitMs`.
   *
   * @param limitMs - In milliseconds.
   * @returns The moment up to which every acknowledged report is counted.
   */
  caughtUp(limitMs: number): Promise<Date>;
  /**
   * Like {@link caughtUp}, for answers that need all of these entries.
   *
   * @returns The moment of the call; `undefined` if the entries were not counted in time, or at once
   * while counting fails.
   */
  allCounted(limitMs: number): Promise<Date | undefined>;
  /**
   * Waits until everything up to a position is counted, for at most `limitMs`.
   *
   * @returns Whether it is. While counting fails, it is told at once.
   */
  isCounted(position: number, limitMs: number): Promise<boolean>;
  /**
   * Waits until all entries that are on disk are counted, and until a replica has them, for at most
   * `limitMs`, also while counting fails.
   */
  drain(limitMs: number): Promise<LeftEntries>;
  /** Counts as lost what a node had that is gone for good. */
  lose(gone: GoneNode): Promise<void>;
  /** Drops a part of what is old from the counts, between two batches. */
  drop(slice: DropSlice): Promise<Dropped>;
  /** Puts a part of the counts together that several nodes have added to, between two batches. */
  fold(slice: FoldSlice): Promise<Folded>;
  /** Gives room that no count needs any more back to the disk, between two batches. */
  giveBack(limitMs: number): Promise<GivenBack>;
  /**
   * Calls a listener whenever more is counted or something is dropped, also by other nodes.
   *
   * @param listener - Told by which.
   * @returns A function that removes the listener.
   */
  onCounted(listener: (by: 'this-node' | 'another-node') => void): () => void;
  /** Called when another node has counted or dropped something. */
  countedElsewhere(): void;
  /** A text that changes whenever {@link onCounted} calls back. */
  readonly version: string;
  /** Reports on disk that are not counted yet. */
  readonly backlog: number;
  /**
   * Reports counted in a second, while there are enough; `undefined` if that is unknown or counting
   * fails.
   */
  readonly speed: number | undefined;
  /** The moment since which reports are uncounted, or `null` if all are counted. */
  readonly behindSince: Date | null;
  /** How the replica stands that questions go to; `undefined` where there is none. */
  readonly replica: ReplicaState | undefined;
  /** Why nothing is counted, and since when; `null` unless the last attempt failed. */
  readonly failure: CountingFailure | null;
  /** Whether the thread is alive. A dead thread counts nothing. */
  readonly isAlive: boolean;
  /** Resolves when the thread has died. */
  readonly died: Promise<ThreadDiedError>;
  /** Ends the thread. Uncounted reports are counted after the next start. */
  close(): Promise<void>;
}

/** How often a store that is shared is looked at while there is nothing to count, in milliseconds. */
const LOOK_EVERY_MS = 5000;

/** Opens the thread that counts. The journal must be open. */
export async function openCounting(options: CountingOptions): Promise<Counting> {
  const { journal, counts, now, monotonicMs } = options;
  const thread = await openThread<CountingOperations>(
    new URL('./counting-thread.js', import.meta.url),
    {
      ...{ journalPath: options.journalPath, counts, pepperId: options.pepperId },
      ...{ kept: options.kept, openedAt: now().getTime() },
    } satisfies CountingThreadData,
  );
  // After a restart the same position may give another answer: another release, or a backup.
  const run = randomUUID();
  const isShared = counts.kind === 'postgres';
  const stopping = new AbortController();
  const { signal } = stopping;
  const listeners = new Set<(by: 'this-node' | 'another-node') => void>();
  const tell = (by: 'this-node' | 'another-node'): void => {
    for (const listener of listeners) listener(by);
  };
  const opened = await thread
    .call('begin', { journal: options.known, erasures: options.erasures() })
    .catch(async (error: unknown) => {
      // An open thread would keep a process that failed to start from exiting.
      await thread.close();
      throw error;
    });
  const { ms: keepMs, maxBytes } = options.keepCounted;
  const kept = createKeptEntries({
    ...{ journal, counts },
    later: keepMs !== undefined && {
      ...{ keepMs, now, signal },
      find: (range) => thread.call('forgettable', { ...range, maxBytes }),
    },
    replica: {
      ...options.replica,
      ask: () => thread.call('covered', undefined),
      counted: () => loop.position,
      ...{ now, signal },
    },
  });
  if (kept.covered !== undefined && opened.keptSince !== null) {
    kept.add(opened.position, new Date(opened.keptSince));
  }
  if (opened.waitingSince !== null) kept.add(journal.committed, new Date(opened.waitingSince));
  const waiters = createCountWaiters();
  const loop = createCountingLoop(opened, {
    ...options,
    ...{ thread, isShared, kept, waiters, signal },
    onCounted: () => tell('this-node'),
  });
  let isAlive = true;
  /** Times that something else than reports was counted or dropped. */
  let drops = 0;
  /** Times that other nodes have told that they have counted. */
  let elsewhere = 0;

  const look = (): void => {
    loop.look();
    kept.look();
  };
  const looking = isShared ? setInterval(look, LOOK_EVERY_MS).unref() : undefined;
  journal.onCommitted(() => loop.wake());
  loop.begin();
  void thread.died.then(() => {
    isAlive = false;
    stopping.abort();
    waiters.end();
  });

  const isCounted = async (position: number, limitMs: number): Promise<boolean> => {
    if (loop.position >= position) return true;
    if (!isAlive || loop.failure !== null) return false;
    const waiting = waiters.wait(position, limitMs);
    loop.hurry();
    await waiting;
    return loop.position >= position;
  };
  const allCounted = async (limitMs: number): Promise<Date | undefined> => {
    const asked = now();
    return (await isCounted(journal.committed, limitMs)) ? asked : undefined;
  };

  return {
    repairs: opened.repairs,
    node: opened.node,
    caughtUp: async (limitMs) => {
      const asked = now();
      const counted = await allCounted(limitMs);
      if (counted !== undefined && kept.older === undefined) return counted;
      return kept.oldestAfter(kept.older ?? loop.position) ?? asked;
    },
    allCounted,
    isCounted,
    drain: async (limitMs) => {
      const endsAt = monotonicMs() + limitMs;
      const target = journal.committed;
      if (loop.position < target) {
        const waiting = waiters.wait(target, limitMs, true);
        loop.hurry();
        await waiting;
      }
      await kept.untilCovered(loop.position, endsAt - monotonicMs());
      return {
        uncounted: journal.committed - loop.position,
        uncovered: loop.position - (kept.covered ?? loop.position),
      };
    },
    giveBack: (limitMs) => thread.call('giveBack', limitMs),
    fold: (slice) => thread.call('fold', slice),
    lose: async ({ journal, reports, since }) => {
      const what = { journal, reports, since: since.getTime(), at: now().getTime() };
      const { mark } = await thread.call('lose', what);
      kept.raise(mark?.last ?? 0);
      drops++;
      tell('this-node');
    },
    drop: async (slice) => {
      const { mark, ...dropped } = await thread.call('drop', slice);
      kept.raise(mark?.last ?? 0);
      if (!slice.isDry && dropped.rows > 0) {
        drops++;
        tell('this-node');
      }
      return dropped;
    },
    onCounted: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    countedElsewhere: () => {
      elsewhere++;
      tell('another-node');
    },
    get version() {
      const older = kept.older === undefined ? '' : ` ${kept.older}`;
      return `${run} ${loop.position} ${loop.revisions} ${drops} ${elsewhere}${older}`;
    },
    get backlog() {
      return journal.committed - loop.position;
    },
    get speed() {
      return loop.speed;
    },
    get behindSince() {
      return kept.oldestAfter(loop.position);
    },
    get replica() {
      return kept.replica;
    },
    get failure() {
      return loop.failure;
    },
    get isAlive() {
      return isAlive;
    },
    died: thread.died,
    close: async () => {
      stopping.abort();
      clearInterval(looking);
      await loop.ended();
      await kept.ended();
      await thread.close();
    },
  };
}
