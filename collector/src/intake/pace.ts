import { ProblemError } from '../errors.js';

export interface PaceParts {
  readonly counting: {
    /** Reports on disk that are not counted yet. */
    readonly backlog: number;
    /** Reports counted in a second; `undefined` if unknown. */
    readonly speed: number | undefined;
  };
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** Slows the intake down to the speed of counting, so that counts are never far behind. */
export interface Pace {
  /**
   * Resolves when so many reports may be taken: at once, unless too many wait to be counted.
   *
   * @throws `ProblemError` `busy` if that would take too long.
   */
  admit(reports: number): Promise<void>;
}

/** How far counting may be behind before the intake is slowed down, in seconds. */
const BACKLOG_SECONDS = 4;

/** The share of the speed of counting that is admitted then, so that counting catches up. */
const SHARE = 0.9;

/** How long a request may be held, in milliseconds. Its reports take memory meanwhile. */
const MAX_HELD_MS = 1000;

/**
 * Creates the pace. While counting stands still, nothing is slowed down: the journal carries the
 * collector through it.
 */
export function createPace({ counting, monotonicMs, wait = sleep }: PaceParts): Pace {
  /** When the reports admitted so far will have been counted, on the monotonic clock. */
  let freeAt = 0;

  return {
    admit: async (reports) => {
      const { backlog, speed } = counting;
      if (speed === undefined || backlog < speed * BACKLOG_SECONDS) return;
      const now = monotonicMs();
      const startAt = Math.max(freeAt, now);
      const heldMs = startAt - now;
      if (heldMs > MAX_HELD_MS) {
        throw new ProblemError('busy', 'Reports come faster than they are counted.');
      }
      freeAt = startAt + (reports * 1000) / (speed * SHARE);
      if (heldMs > 0) await wait(heldMs);
    },
  };
}

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms).unref());
