import type { Commit } from './journal-writer.js';

export interface QueueLimits {
  /** Reports that may be queued for a commit. */
  readonly maxReports: number;
  /** Characters that may be queued for a commit. */
  readonly maxCharacters: number;
}

/** The queue is full. The caller should try again later. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

export interface CommitQueue {
  /**
   * Resolves once the rows are on disk.
   *
   * @returns The position of the last of them.
   * @throws {@link QueueFullError}, or what the commit threw; then none of the rows is on disk.
   */
  append(bodies: readonly string[]): Promise<number>;
  /** Removes counted rows with the next commit, or at once if the queue is empty. */
  forget(upTo: number): void;
  readonly waitingReports: number;
  /** Resolves when the queue is empty and no commit runs. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly bodies: readonly string[];
  readonly characters: number;
  resolve(position: number): void;
  reject(error: unknown): void;
}

/**
 * Commits when idle: as soon as a commit ends, the next one takes everything that was queued
 * meanwhile. A timer would only add latency.
 *
 * @param commit - Writes to disk and gives the last position.
 * @param onCommitted - Called with the last position on disk, before appends are acknowledged.
 */
export function createCommitQueue(
  commit: (commit: Commit) => Promise<number>,
  limits: QueueLimits,
  onCommitted: (lastPosition: number) => void,
): CommitQueue {
  let waiting: Waiting[] = [];
  let waitingReports = 0;
  let waitingCharacters = 0;
  let forgetUpTo = 0;
  let forgotten = 0;
  let running: Promise<void> | undefined;

  const commitAll = async (): Promise<void> => {
    while (waiting.length > 0 || forgotten < forgetUpTo) {
      const batch = waiting;
      const forgetting = forgetUpTo;
      waiting = [];
      waitingReports = 0;
      waitingCharacters = 0;
      try {
        const bodies = batch.flatMap((append) => append.bodies);
        const last = await commit({ bodies, forgetUpTo: forgetting });
        onCommitted(last);
        // Rows of one commit have consecutive positions.
        let position = last - bodies.length;
        for (const append of batch) append.resolve((position += append.bodies.length));
      } catch (error) {
        for (const append of batch) append.reject(error);
      }
      // Also after a failure: the next removal includes these rows.
      forgotten = forgetting;
    }
  };
  const wake = (): void => {
    if (running !== undefined || (waiting.length === 0 && forgotten >= forgetUpTo)) return;
    running = commitAll().finally(() => {
      running = undefined;
      wake();
    });
  };

  return {
    append: (bodies) =>
      new Promise((resolve, reject) => {
        const characters = bodies.reduce((sum, body) => sum + body.length, 0);
        if (
          waitingReports + bodies.length > limits.maxReports ||
          waitingCharacters + characters > limits.maxCharacters
        ) {
          reject(new QueueFullError('Too many reports wait to be written.'));
          return;
        }
        waiting.push({ bodies, characters, resolve, reject });
        waitingReports += bodies.length;
        waitingCharacters += characters;
        wake();
      }),
    forget: (upTo) => {
      forgetUpTo = Math.max(forgetUpTo, upTo);
      wake();
    },
    get waitingReports() {
      return waitingReports;
    },
    idle: async () => {
      while (running !== undefined) await running;
    },
  };
}
