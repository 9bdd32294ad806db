import type { KeptErasure } from '../erasures/kept-erasure.js';
import type { Journal } from '../journal/journal.js';
import { isLocked } from '../sqlite/failure.js';
import { isStoreChanged } from '../store-down-error.js';
import type { Thread } from '../threads/open-thread.js';
import { createBatchSize } from './batch-size.js';
import { createCountingSpeed } from './counting-speed.js';
import type { CountingOperations } from './counting-thread.js';
import type { CountWaiters } from './count-waiters.js';
import { createGathering } from './gathering.js';
import type { KeptEntries } from './kept-entries.js';
import { pause } from './pause.js';
import type { Repair } from './reconcile.js';

/** Attempts to count fail, such as on a full disk. They are repeated. */
export interface CountingFailure {
  readonly since: Date;
  readonly error: unknown;
}

/** What the thread tells of how far it has counted. */
type State = Awaited<ReturnType<CountingOperations['look']>>;

export interface CountingLoopOptions {
  readonly thread: Pick<Thread<CountingOperations>, 'call'>;
  readonly journal: Pick<Journal, 'committed'>;
  /** Whether several nodes count in the store. */
  readonly isShared: boolean;
  readonly kept: KeptEntries;
  readonly waiters: CountWaiters;
  /** The deletions that are kept, for counts that went back. */
  readonly erasures: () => readonly KeptErasure[];
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Called when more is counted. */
  readonly onCounted: () => void;
  /** Called when a batch could not be counted. It is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when a batch is counted after that. */
  readonly onRecovery: () => void;
  /** Called when something was put right after the store went back while this was running. */
  readonly onRepair: (repair: Repair) => void;
  readonly signal: AbortSignal;
}

/** Counts whatever is on disk, batch after batch, and tries again what fails. */
export interface CountingLoop {
  /** The position up to which the journal is counted. */
  readonly position: number;
  /** How often counts have changed for another reason than a new position. */
  readonly revisions: number;
  /** Reports counted in a second; `undefined` if that is unknown. */
  readonly speed: number | undefined;
  /** Why nothing is counted, and since when; `null` unless the last attempt failed. */
  readonly failure: CountingFailure | null;
  /** Must be called once, before anything else. */
  begin(): void;
  /** Must be called when there is more on disk. */
  wake(): void;
  /** Looks at the store although there may be nothing to count. */
  look(): void;
  /** Counts at once what there is. */
  hurry(): void;
  /** Resolves when it has ended after the signal. */
  ended(): Promise<void>;
}

const RETRY_AFTER_MS = 1000;

/**
 * After so many failures in a row, questions may be answered from a replica that does not have all.
 * Those that were promised more are over by then.
 */
const FAILURES_BEFORE_OLDER = 3;

/** @param opened - How far the thread had counted when it was opened. */
export function createCountingLoop(opened: State, options: CountingLoopOptions): CountingLoop {
  const { thread, journal, isShared, kept, waiters, now, monotonicMs, signal } = options;
  let { position, hasWork } = opened;
  let revisions = 0;
  let failure: CountingFailure | null = null;
  let hasFailed = false;
  let failures = 0;
  let isLookDue = false;
  let mustSettle = false;
  let running: Promise<void> | undefined;
  const batch = createBatchSize();
  const speed = createCountingSpeed();
  const gathering = createGathering({
    backlog: () => journal.committed - position,
    isAwaited: () => waiters.hasAny,
    ...{ monotonicMs, signal },
  });

  const advance = (state: State): void => {
    ({ position, hasWork } = state);
    kept.counted(position, state.mark?.last ?? 0);
    waiters.reached(position);
    options.onCounted();
  };
  /** Puts right what a server that counted less has lost, and goes on from there. */
  const settle = async (): Promise<void> => {
    const before = position;
    kept.hold();
    const settled = await thread.call('settle', {
      ...{ erasures: options.erasures(), forgotten: kept.forgotten, at: now().getTime() },
    });
    mustSettle = false;
    revisions++;
    for (const repair of settled.repairs) options.onRepair(repair);
    if (settled.position < before) {
      const { waitingSince: since } = settled;
      kept.wentBack(
        since === null ? undefined : { position: journal.committed, since: new Date(since) },
      );
    }
    advance(settled);
  };
  /** Counts the next entries, or looks whether the store still has those before. */
  const step = async (): Promise<State> => {
    if (mustSettle) await settle();
    if (position >= journal.committed) return thread.call('look', undefined);
    return batch.entries > 0
      ? thread.call('drain', { limit: batch.entries })
      : thread.call('skip', { at: now().getTime() });
  };
  /** Does a slice of a running cleaning, between batches. */
  const work = async (): Promise<void> => {
    try {
      const state = await thread.call('work', undefined);
      revisions++;
      advance(state);
    } catch (error) {
      if (isStoreChanged(error)) {
        mustSettle = true;
        isLookDue = true;
        return;
      }
      options.onFailure(error);
      // It is tried again; reports are counted meanwhile.
      if (position >= journal.committed) await pause(RETRY_AFTER_MS, signal);
    }
  };
  const succeed = (counted: State, startedAt: number): void => {
    const before = position;
    failure = null;
    failures = 0;
    if (hasFailed) options.onRecovery();
    hasFailed = false;
    speed.measure(counted.position - before, monotonicMs() - startedAt);
    advance(counted);
    batch.grow();
  };
  const fail = async (error: unknown): Promise<void> => {
    isLookDue = isShared;
    if (isStoreChanged(error)) {
      mustSettle = true;
      return;
    }
    speed.forget();
    hasFailed = true;
    options.onFailure(error);
    if (batch.halve(error)) return;
    // Another process gives a lock back soon; for a disk with room nobody waits.
    if (!isLocked(error)) {
      failure = { since: failure?.since ?? now(), error };
      if (++failures >= FAILURES_BEFORE_OLDER) kept.allowOlder();
      waiters.giveUp();
    }
    await pause(RETRY_AFTER_MS, signal);
  };
  const run = async (): Promise<void> => {
    while ((position < journal.committed || hasWork || isLookDue) && !signal.aborted) {
      if (hasWork && !mustSettle) await work();
      else if (position < journal.committed) await gathering.enough();
      if (position >= journal.committed && !isLookDue) continue;
      isLookDue = false;
      const startedAt = monotonicMs();
      gathering.begun();
      try {
        succeed(await step(), startedAt);
      } catch (error) {
        await fail(error);
      }
    }
  };
  const wake = (): void => {
    if (position < journal.committed) kept.add(journal.committed, now());
    else if (!hasWork && !isLookDue) return;
    if (signal.aborted) return;
    gathering.look();
    running ??= run().finally(() => {
      running = undefined;
      wake();
    });
  };

  return {
    get position() {
      return position;
    },
    get revisions() {
      return revisions;
    },
    get speed() {
      return speed.value;
    },
    get failure() {
      return failure;
    },
    begin: () => {
      advance(opened);
      wake();
    },
    wake,
    look: () => {
      isLookDue = true;
      wake();
    },
    hurry: () => gathering.hurry(),
    ended: async () => running,
  };
}
