import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from '../has-code.js';
import { UNKNOWN_FORMAT } from '../journal/journal-entry.js';
import type { Journal } from '../journal/journal.js';
import { isSqliteError } from '../sqlite/failure.js';
import { openThread, ThreadDiedError } from '../threads/open-thread.js';
import type { CountingOperations, CountingThreadData } from './counting-thread.js';

export interface CountingOptions {
  readonly journal: Journal;
  readonly journalPath: string;
  readonly countsPath: string;
  readonly now: () => Date;
  /** Told of a batch that could not be counted; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** Counts what is in the journal, as soon as it is there. */
export interface Counting {
  /**
   * Waits until everything on disk at this moment is counted, or until the time is up.
   *
   * @param limitMs - In milliseconds.
   * @returns The moment up to which every acknowledged report is counted.
   */
  caughtUp(limitMs: number): Promise<Date>;
  /** Has a listener told whenever something more is counted. @returns What ends that. */
  onCounted(listener: () => void): () => void;
  /** Another one whenever something more is counted. */
  readonly version: string;
  /** Reports on disk that are not counted yet. */
  readonly backlog: number;
  /** Since when reports wait to be counted, or `null` if none does. */
  readonly behindSince: Date | null;
  /** Whether the thread lives; once it does not, nothing is counted any more. */
  readonly isAlive: boolean;
  /** Resolves when the thread has ended by itself. */
  readonly died: Promise<ThreadDiedError>;
  /** Ends the thread. What is not counted yet is counted after the next start. */
  close(): Promise<void>;
}

const BATCH_REPORTS = 2000;
const RETRY_AFTER_MS = 1000;

/**
 * How long the first of some reports waits for more to be counted with, unless somebody asks: many
 * in one transaction take half the work of a few in each.
 */
const GATHER_MS = 200;

/** Opens the thread that counts. The journal must be open. */
export async function openCounting(options: CountingOptions): Promise<Counting> {
  const { journal, journalPath, countsPath, now, onFailure } = options;
  const thread = await openThread<CountingOperations>(
    new URL('./counting-thread.js', import.meta.url),
    {
      journalId: journal.id,
      journalPath,
      countsPath,
      openedAt: now().getTime(),
    } satisfies CountingThreadData,
  );
  // Another release, or a restored backup, may answer otherwise from the same position.
  const run = randomUUID();
  const stopping = new AbortController();
  const waiters = new Set<{ position: number; done: () => void }>();
  const listeners = new Set<() => void>();
  const opened = await thread.call('position', undefined).catch(async (error: unknown) => {
    // Else it would keep a process that cannot start from its end.
    await thread.close();
    throw error;
  });
  let { position } = opened;
  let behindSince = opened.waitingSince === null ? null : new Date(opened.waitingSince);
  let milestone = { position: journal.committed, at: now() };
  let running: Promise<void> | undefined;
  let isAlive = true;
  let gathering = new AbortController();
  /** 0: the next entry is the one that cannot be counted. */
  let limit = BATCH_REPORTS;

  const advance = (to: number): void => {
    position = to;
    journal.forget(position);
    if (position >= milestone.position) {
      behindSince = position >= journal.committed ? null : milestone.at;
      milestone = { position: journal.committed, at: now() };
    }
    for (const waiter of waiters) {
      if (waiter.position <= position) waiter.done();
    }
    for (const listener of listeners) listener();
  };
  const isEnough = (): boolean => waiters.size > 0 || journal.committed - position >= BATCH_REPORTS;
  const gather = async (): Promise<void> => {
    if (isEnough()) return;
    gathering = new AbortController();
    await pause(GATHER_MS, AbortSignal.any([gathering.signal, stopping.signal]));
  };
  const drainAll = async (): Promise<void> => {
    while (position < journal.committed && !stopping.signal.aborted) {
      await gather();
      try {
        const counted =
          limit > 0
            ? await thread.call('drain', { limit })
            : await thread.call('skip', { at: now().getTime() });
        advance(counted);
        limit = Math.min(Math.max(limit, 1) * 2, BATCH_REPORTS);
      } catch (error) {
        onFailure(error);
        // An entry that cannot be counted must not stop those behind it: it is looked for by halves.
        if (limit > 0 && isOfEntries(error)) limit = Math.floor(limit / 2);
        else await pause(RETRY_AFTER_MS, stopping.signal);
      }
    }
  };
  const wake = (): void => {
    if (position >= journal.committed) return;
    behindSince ??= now();
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

  return {
    caughtUp: async (limitMs) => {
      const asked = now();
      const target = journal.committed;
      if (position >= target) return asked;
      if (!isAlive) return behindSince ?? asked;
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
      return position >= target ? asked : (behindSince ?? asked);
    },
    onCounted: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get version() {
      return `${run} ${position}`;
    },
    get backlog() {
      return journal.committed - position;
    },
    get behindSince() {
      return behindSince;
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

/** Whether an error lies in what is counted, not in the disk or in a thread that is gone. */
const isOfEntries = (error: unknown): boolean =>
  !isSqliteError(error) && !(error instanceof ThreadDiedError) && !hasCode(error, UNKNOWN_FORMAT);

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
