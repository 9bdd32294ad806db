import { randomUUID } from 'node:crypto';
import { hasCode } from '../has-code.js';
import { UNKNOWN_FORMAT } from '../journal/journal-entry.js';
import type { KeptErasure } from '../erasures/kept-erasure.js';
import type { Journal } from '../journal/journal.js';
import type { Retention } from '../rules/retention-classes.js';
import type { GivenBack } from '../sqlite/give-back.js';
import { isLocked, isSqliteError } from '../sqlite/failure.js';
import type { CountsPlace } from '../store/counts-place.js';
import { isStoreChanged, isStoreDown } from '../store/store-down-error.js';
import type { Dropped, DropSlice } from '../store/store.js';
import { openThread, ThreadDiedError } from '../threads/open-thread.js';
import { pause } from './pause.js';
import { createCommitTimes } from './commit-times.js';
import type { CountingOperations, CountingThreadData } from './counting-thread.js';
import type { KnownBefore, Repair } from './reconcile.js';
import { createNeeded } from './needed.js';
import { watchReplica, type ReplicaWatchOptions } from './replica-watch.js';

export interface CountingOptions {
  readonly journal: Journal;
  readonly journalPath: string;
  readonly counts: CountsPlace;
  /** Tells which pepper users are hashed with. */
  readonly pepperId: string;
  /** What the counts were known to have of the journal before both were opened. */
  readonly known: KnownBefore['journal'];
  /** The deletions that are kept, for counts that went back. */
  readonly erasures: () => readonly KeptErasure[];
  /** For how many days keys and tombstones are kept. */
  readonly kept: Pick<Retention, 'keys' | 'tombstones'>;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Called when a batch could not be counted. It is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when a batch is counted after that. */
  readonly onRecovery: () => void;
  /** Called when something was put right after the store went back while this was running. */
  readonly onRepair: (repair: Repair) => void;
  /** Called when the replica does not answer, and when it does again. */
  readonly replica: Pick<ReplicaWatchOptions, 'onFailure' | 'onRecovery'>;
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
  /** Drops a part of what is old from the counts, between two batches. */
  drop(slice: DropSlice): Promise<Dropped>;
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
 * After so many failures in a row, questions may be answered from a replica that does not have all.
 * Those that were promised more are over by then.
 */
const FAILURES_BEFORE_OLDER = 3;

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

/** How often a store that is shared is looked at while there is nothing to count, in milliseconds. */
const LOOK_EVERY_MS = 5000;

/** Opens the thread that counts. The journal must be open. */
export async function openCounting(options: CountingOptions): Promise<Counting> {
  const { journal, journalPath, counts, pepperId, known, erasures, kept } = options;
  const { now, monotonicMs, onFailure, onRecovery, onRepair } = options;
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
  const isShared = counts.kind === 'postgres';
  const stopping = new AbortController();
  const waiters = new Set<{ position: number; done: () => void }>();
  const listeners = new Set<(by: 'this-node' | 'another-node') => void>();
  const tell = (by: 'this-node' | 'another-node'): void => {
    for (const listener of listeners) listener(by);
  };
  const opened = await thread
    .call('begin', { journal: known, erasures: erasures() })
    .catch(async (error: unknown) => {
      // An open thread would keep a process that failed to start from exiting.
      await thread.close();
      throw error;
    });
  let { position, hasWork } = opened;
  /** Slices of cleanings that were done. */
  let slices = 0;
  let commits = createCommitTimes();
  const needed = createNeeded(counts);
  const replica =
    needed &&
    watchReplica({
      ...options.replica,
      ask: () => thread.call('covered', undefined),
      counted: () => position,
      onCovered: (covered) => forget(covered),
      signal: stopping.signal,
    });
  if (replica !== undefined && opened.keptSince !== null) {
    commits.add(position, new Date(opened.keptSince));
  }
  if (opened.waitingSince !== null) commits.add(journal.committed, new Date(opened.waitingSince));
  let running: Promise<void> | undefined;
  let isAlive = true;
  let drops = 0;
  /** Times that other nodes have told that they have counted. */
  let elsewhere = 0;
  let gathering = new AbortController();
  /** Entries of the next batch; 0 once the next entry is known to be uncountable. */
  let limit = MAX_BATCH_REPORTS;
  let speed: number | undefined;
  let drainedAt = -Infinity;
  let failure: CountingFailure | null = null;
  let hasFailed = false;
  let failures = 0;
  /** Whether the store is to be looked at although there may be nothing to count. */
  let isLookDue = false;
  let mustSettle = false;
  let settlings = 0;
  let forgotten = 0;

  const forget = (upTo: number): void => {
    forgotten = Math.max(forgotten, upTo);
    journal.forget(upTo);
    commits.forget(upTo);
  };
  const advance = (state: Pick<typeof opened, 'position' | 'hasWork' | 'mark'>): void => {
    ({ position, hasWork } = state);
    needed?.raise(state.mark?.last ?? 0);
    if (replica === undefined) forget(position);
    else replica.wake();
    for (const waiter of waiters) {
      if (waiter.position <= position) waiter.done();
    }
    tell('this-node');
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
  /** Puts right what a server that counted less has lost, and goes on from there. */
  const settle = async (): Promise<void> => {
    const before = position;
    const at = now().getTime();
    const settled = await thread.call('settle', { erasures: erasures(), forgotten, at });
    mustSettle = false;
    settlings++;
    for (const repair of settled.repairs) onRepair(repair);
    if (settled.position < before && replica === undefined) {
      commits = createCommitTimes();
      if (settled.waitingSince !== null)
        commits.add(journal.committed, new Date(settled.waitingSince));
    }
    advance(settled);
  };
  /** Counts the next entries, or looks whether the store still has those before. */
  const step = async () => {
    if (mustSettle) await settle();
    if (position >= journal.committed) return thread.call('look', undefined);
    return limit > 0
      ? thread.call('drain', { limit })
      : thread.call('skip', { at: now().getTime() });
  };
  /** Does a slice of a running cleaning, between batches. */
  const work = async (): Promise<void> => {
    try {
      const state = await thread.call('work', undefined);
      slices++;
      advance(state);
    } catch (error) {
      if (isStoreChanged(error)) {
        mustSettle = true;
        isLookDue = true;
        return;
      }
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
    while ((position < journal.committed || hasWork || isLookDue) && !stopping.signal.aborted) {
      if (hasWork && !mustSettle) await work();
      else if (position < journal.committed) await gather();
      if (position >= journal.committed && !isLookDue) continue;
      isLookDue = false;
      const startedAt = monotonicMs();
      drainedAt = startedAt;
      const before = position;
      try {
        const counted = await step();
        failure = null;
        failures = 0;
        if (hasFailed) onRecovery();
        hasFailed = false;
        measure(counted.position - before, monotonicMs() - startedAt);
        advance(counted);
        limit = Math.min(Math.max(limit, 1) * 2, MAX_BATCH_REPORTS);
      } catch (error) {
        isLookDue = isShared;
        if (isStoreChanged(error)) {
          mustSettle = true;
          continue;
        }
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
          if (++failures >= FAILURES_BEFORE_OLDER) needed?.lower();
          for (const waiter of waiters) waiter.done();
        }
        await pause(RETRY_AFTER_MS, stopping.signal);
      }
    }
  };
  const wake = (): void => {
    if (position < journal.committed) commits.add(journal.committed, now());
    else if (!hasWork && !isLookDue) return;
    if (stopping.signal.aborted) return;
    if (isEnough()) gathering.abort();
    running ??= drainAll().finally(() => {
      running = undefined;
      wake();
    });
  };

  advance(opened);
  const look = (): void => {
    isLookDue = true;
    wake();
  };
  const looking = isShared ? setInterval(look, LOOK_EVERY_MS).unref() : undefined;
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
    node: opened.node,
    caughtUp: async (limitMs) => {
      const asked = now();
      const counted = await allCounted(limitMs);
      if (counted !== undefined && !needed?.isLowered) return counted;
      const known = needed?.isLowered ? (replica?.covered ?? 0) : position;
      return commits.oldestAfter(known) ?? asked;
    },
    allCounted,
    giveBack: (limitMs) => thread.call('giveBack', limitMs),
    drop: async (slice) => {
      const { mark, ...dropped } = await thread.call('drop', slice);
      needed?.raise(mark?.last ?? 0);
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
      const older = needed?.isLowered ? ` ${replica?.covered}` : '';
      return `${run} ${settlings} ${position} ${drops} ${slices} ${elsewhere}${older}`;
    },
    get backlog() {
      return journal.committed - position;
    },
    get speed() {
      return speed;
    },
    get behindSince() {
      return commits.oldestAfter(position);
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
      clearInterval(looking);
      await running;
      await replica?.ended();
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
