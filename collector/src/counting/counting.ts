import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from '../has-code.js';
import { UNKNOWN_FORMAT } from '../journal/journal-entry.js';
import type { Journal } from '../journal/journal.js';
import type { Retention } from '../rules/retention-classes.js';
import type { GivenBack } from '../sqlite/give-back.js';
import { isLocked, isSqliteError } from '../sqlite/failure.js';
import type { CountsPlace } from '../store/counts-place.js';
import { isStoreDown } from '../store/store-down-error.js';
import type { Dropped, DropSlice } from '../store/store.js';
import { openThread, ThreadDiedError } from '../threads/open-thread.js';
import { createCommitTimes } from './commit-times.js';
import type { CountingOperations, CountingThreadData } from './counting-thread.js';
import type { KnownBefore, Repair } from './reconcile.js';

export interface CountingOptions {
  readonly journal: Journal;
  readonly journalPath: string;
  readonly counts: CountsPlace;
  /** Tells which pepper users are hashed with. */
  readonly pepperId: string;
  /** What was known of the journal and the counts before both were opened. */
  readonly known: KnownBefore;
  /** For how many days keys and tombstones are kept. */
  readonly kept: Pick<Retention, 'keys' | 'tombstones'>;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Called when a batch could not be counted. It is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when a batch is counted after that. */
  readonly onRecovery: () => void;
}

/** Attempts to count fail, such as on a full disk. They are repeated. */
export interface CountingFailure {
  readonly since: Date;
  readonly error: unknown;
}

/** Counts journal entries as soon as they are on disk. */
export interface Counting {
  /** What did not fit between the journal and the counts when they were opened. */
  readonly repairs: readonly Repair[];
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
  /** Drops a part of what is old from the counts, between two batches. */
  drop(slice: DropSlice): Promise<Dropped>;
  /** Gives room that no count needs any more back to the disk, between two batches. */
  giveBack(limitMs: number): Promise<GivenBack>;
  /**
   * Calls a listener whenever more is counted or something is dropped.
   *
   * @returns A function that removes the listener.
   */
  onCounted(listener: () => void): () => void;
  /** A text that changes whenever more is counted or something is dropped. */
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
  /** Why nothing is counted, and since when; `null` unless the last attempt failed. */
  readonly failure: CountingFailure | null;
  /** Whether the thread is alive. A dead thread counts nothing. */
  readonly isAlive: boolean;
  /** Resolves when the thread has died. */
  readonly died: Promise<ThreadDiedError>;
  /** Ends the thread. Uncounted reports are counted after the next start. */
  close(): Promise<void>;
}

/** Reports that are worth a transaction. */
const BATCH_REPORTS = 1000;

/** Reports of a transaction at most: larger ones cost less a report, and more memory. */
const MAX_BATCH_REPORTS = 1000;

/** The share of the last batch in the speed. */
const SPEED_SHARE = 0.3;

const RETRY_AFTER_MS = 1000;

/**
 * How long counting waits for more reports before a transaction, unless a question needs the
 * counts: few large transactions take half the work of many small ones.
 */
const GATHER_MS = 200;

/**
 * The least time between two transactions that questions ask for: each waits for the disk, as reports
 * do.
 */
const ASKED_EVERY_MS = 50;

/** Opens the thread that counts. The journal must be open. */
export async function openCounting(options: CountingOptions): Promise<Counting> {
  const { journal, journalPath, counts, pepperId, known, kept } = options;
  const { now, monotonicMs, onFailure, onRecovery } = options;
  const thread = await openThread<CountingOperations>(
    new URL('./counting-thread.js', import.meta.url),
    {
      journalPath,
      counts,
      pepperId,
      kept,
      openedAt: now().getTime(),
    } satisfies CountingThreadData,
  );
  // After a restart the same position may give another answer: another release, or a backup.
  const run = randomUUID();
  const stopping = new AbortController();
  const waiters = new Set<{ position: number; done: () => void }>();
  const listeners = new Set<() => void>();
  const opened = await thread.call('begin', known).catch(async (error: unknown) => {
    // An open thread would keep a process that failed to start from exiting.
    await thread.close();
    throw error;
  });
  let { position, hasWork } = opened;
  /** Slices of cleanings that were done. */
  let slices = 0;
  const commits = createCommitTimes();
  if (opened.waitingSince !== null) commits.add(journal.committed, new Date(opened.waitingSince));
  let running: Promise<void> | undefined;
  let isAlive = true;
  let drops = 0;
  let gathering = new AbortController();
  /** Entries of the next batch; 0 once the next entry is known to be uncountable. */
  let limit = MAX_BATCH_REPORTS;
  let speed: number | undefined;
  let drainedAt = -Infinity;
  let failure: CountingFailure | null = null;
  let hasFailed = false;

  const advance = (to: number): void => {
    position = to;
    journal.forget(position);
    commits.forget(position);
    for (const waiter of waiters) {
      if (waiter.position <= position) waiter.done();
    }
    for (const listener of listeners) listener();
  };
  const isEnough = (): boolean => waiters.size > 0 || journal.committed - position >= BATCH_REPORTS;
  const gather = async (): Promise<void> => {
    if (journal.committed - position >= BATCH_REPORTS) return;
    if (waiters.size > 0) {
      const leftMs = drainedAt + ASKED_EVERY_MS - monotonicMs();
      if (leftMs > 0) await pause(Math.min(leftMs, ASKED_EVERY_MS), stopping.signal);
      return;
    }
    gathering = new AbortController();
    await pause(GATHER_MS, AbortSignal.any([gathering.signal, stopping.signal]));
  };
  /** Does a slice of a running cleaning, between batches. */
  const work = async (): Promise<void> => {
    try {
      hasWork = await thread.call('work', undefined);
      slices++;
      for (const listener of listeners) listener();
    } catch (error) {
      onFailure(error);
      // It is tried again; reports are counted meanwhile.
      if (position >= journal.committed) await pause(RETRY_AFTER_MS, stopping.signal);
    }
  };
  /** A small batch says little of the speed: most of its time is that of the transaction. */
  const measure = (reports: number, ms: number): void => {
    if (reports < BATCH_REPORTS || ms <= 0) return;
    const now = (reports * 1000) / ms;
    speed = speed === undefined ? now : speed + (now - speed) * SPEED_SHARE;
  };
  const drainAll = async (): Promise<void> => {
    while ((position < journal.committed || hasWork) && !stopping.signal.aborted) {
      if (hasWork) await work();
      else await gather();
      if (position >= journal.committed) continue;
      const startedAt = monotonicMs();
      drainedAt = startedAt;
      const before = position;
      try {
        const counted =
          limit > 0
            ? await thread.call('drain', { limit })
            : await thread.call('skip', { at: now().getTime() });
        failure = null;
        if (hasFailed) onRecovery();
        hasFailed = false;
        measure(counted.position - before, monotonicMs() - startedAt);
        hasWork = counted.hasWork;
        advance(counted.position);
        limit = Math.min(Math.max(limit, 1) * 2, MAX_BATCH_REPORTS);
      } catch (error) {
        speed = undefined;
        hasFailed = true;
        onFailure(error);
        // Bisects for the entry that cannot be counted, so that it does not stop later ones.
        if (limit > 0 && isOfEntries(error)) {
          limit = Math.floor(limit / 2);
          continue;
        }
        // Another process gives a lock back soon; for a disk with room nobody waits.
        if (!isLocked(error)) {
          failure = { since: failure?.since ?? now(), error };
          for (const waiter of waiters) waiter.done();
        }
        await pause(RETRY_AFTER_MS, stopping.signal);
      }
    }
  };
  const wake = (): void => {
    if (position < journal.committed) commits.add(journal.committed, now());
    else if (!hasWork) return;
    if (stopping.signal.aborted) return;
    if (isEnough()) gathering.abort();
    running ??= drainAll().finally(() => {
      running = undefined;
      wake();
    });
  };

  journal.forget(position);
  journal.onCommitted(wake);
  wake();
  void thread.died.then(() => {
    isAlive = false;
    stopping.abort();
    for (const waiter of waiters) waiter.done();
  });

  const allCounted = async (limitMs: number): Promise<Date | undefined> => {
    const asked = now();
    const target = journal.committed;
    if (position >= target) return asked;
    if (!isAlive || failure !== null) return undefined;
    const waiter = { position: target, done: (): void => undefined };
    const timer = new AbortController();
    const counted = new Promise<void>((resolve) => {
      waiter.done = resolve;
    });
    waiters.add(waiter);
    gathering.abort();
    await Promise.race([counted, pause(limitMs, timer.signal)]);
    timer.abort();
    waiters.delete(waiter);
    return position >= target ? asked : undefined;
  };

  return {
    repairs: opened.repairs,
    caughtUp: async (limitMs) => {
      const asked = now();
      return (await allCounted(limitMs)) ?? commits.oldest ?? asked;
    },
    allCounted,
    giveBack: (limitMs) => thread.call('giveBack', limitMs),
    drop: async (slice) => {
      const dropped = await thread.call('drop', slice);
      if (!slice.isDry && dropped.rows > 0) {
        drops++;
        for (const listener of listeners) listener();
      }
      return dropped;
    },
    onCounted: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get version() {
      return `${run} ${position} ${drops} ${slices}`;
    },
    get backlog() {
      return journal.committed - position;
    },
    get speed() {
      return speed;
    },
    get behindSince() {
      return commits.oldest;
    },
    get failure() {
      return failure;
    },
    get isAlive() {
      return isAlive;
    },
    died: thread.died,
    close: async () => {
      stopping.abort();
      await running;
      await thread.close();
    },
  };
}

/** Whether an entry caused the error, not the disk, a store that is down, or a dead thread. */
const isOfEntries = (error: unknown): boolean =>
  !isSqliteError(error) &&
  !isStoreDown(error) &&
  !(error instanceof ThreadDiedError) &&
  !hasCode(error, UNKNOWN_FORMAT);

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
