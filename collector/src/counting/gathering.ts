import { pause } from './pause.js';

export interface GatheringOptions {
  /** Reports that are on disk and not counted. */
  readonly backlog: () => number;
  /** Whether somebody waits for counts. */
  readonly isAwaited: () => boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
}

/** Decides when a transaction begins: few large ones take half the work of many small ones. */
export interface Gathering {
  /** Waits until it is worth to begin the next. */
  enough(): Promise<void>;
  /** Must be called when one begins. */
  begun(): void;
  /** Must be called when there are more reports. */
  look(): void;
  /** Ends the waiting: somebody waits for counts. */
  hurry(): void;
}

/** Reports that are worth a transaction. */
export const BATCH_REPORTS = 1000;

/** How long counting waits for more reports before a transaction, unless somebody waits for counts. */
const GATHER_MS = 200;

/**
 * The least time between two transactions that somebody waits for: each waits for the disk, as reports
 * do.
 */
const AWAITED_EVERY_MS = 50;

export function createGathering(options: GatheringOptions): Gathering {
  const { backlog, isAwaited, monotonicMs, signal } = options;
  let begunAt = -Infinity;
  let waiting = new AbortController();
  return {
    enough: async () => {
      if (backlog() >= BATCH_REPORTS) return;
      if (isAwaited()) {
        const leftMs = begunAt + AWAITED_EVERY_MS - monotonicMs();
        if (leftMs > 0) await pause(Math.min(leftMs, AWAITED_EVERY_MS), signal);
        return;
      }
      waiting = new AbortController();
      await pause(GATHER_MS, AbortSignal.any([waiting.signal, signal]));
    },
    begun: () => {
      begunAt = monotonicMs();
    },
    look: () => {
      if (isAwaited() || backlog() >= BATCH_REPORTS) waiting.abort();
    },
    hurry: () => waiting.abort(),
  };
}
