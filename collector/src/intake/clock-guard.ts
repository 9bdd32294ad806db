import { ProblemError } from '../errors.js';

export interface ClockGuardParts {
  /** The wall clock. */
  readonly now: () => Date;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
  /** How far the wall clock may get ahead of the monotonic clock between two readings. */
  readonly maxJumpMs: number;
  /** The newest moment in the store; `null` if it is empty. */
  readonly newest: Date | null;
  /** How far the wall clock is ahead of that of the store, where several collectors share one. */
  readonly leadOnStoreMs?: () => number;
}

/** How far the wall clock may be ahead of that of a store, in milliseconds. */
export const MAX_LEAD_ON_STORE_MS = 3_600_000;

/** The wall clock for stored moments. A jump ahead would expire report keys and tombstones. */
export interface ClockGuard {
  /** @throws `ProblemError` while the wall clock is too far ahead to be believed. */
  now(): Date;
  /** Like {@link now}, but returns an estimate while the wall clock is not trusted. */
  likely(): Date;
  /** Whether the wall clock is not trusted because it is ahead of that of the store. */
  isAheadOfStore(): boolean;
  /** How far the wall clock is ahead of the estimate, in milliseconds; 0 while it is trusted. */
  aheadMs(): number;
}

const DETAIL =
  'The collector’s clock has jumped ahead. Put it right, or, if it is right now, restart the ' +
  'collector. Nothing of this request was kept; send it again later.';

const DETAIL_OF_STORE =
  'The collector’s clock is ahead of that of its store. Put the wrong one right. Nothing of this ' +
  'request was kept; send it again later.';

/**
 * Creates the guard. It trusts the wall clock until the first report or deletion, because nothing
 * depends on earlier readings. It also trusts the newest stored moment: a clock behind that moment
 * is wrong, and a clock that catches up with it has not jumped.
 */
export function createClockGuard(parts: ClockGuardParts): ClockGuard {
  const { now, monotonicMs, maxJumpMs, newest, leadOnStoreMs = () => 0 } = parts;
  const leadOf = (at: Date): number => at.getTime() - monotonicMs();
  // The largest trusted lead: a clock that falls back and returns has not jumped ahead.
  let lead = Math.max(leadOf(now()), newest === null ? -Infinity : leadOf(newest));
  let hasDecided = false;

  // Who trusts every clock compares none.
  const isAheadOfStore = (): boolean =>
    Number.isFinite(maxJumpMs) && leadOnStoreMs() > MAX_LEAD_ON_STORE_MS;

  /** How far the wall clock is ahead; 0 if it is trusted. */
  const readExcess = (at: Date): number => {
    if (isAheadOfStore()) return leadOnStoreMs();
    const excess = leadOf(at) - lead;
    if (hasDecided && excess > maxJumpMs) return excess;
    lead = Math.max(lead, lead + excess);
    return 0;
  };

  return {
    now: () => {
      const at = now();
      const excess = readExcess(at);
      if (isAheadOfStore()) throw new ProblemError('clock_jumped', DETAIL_OF_STORE);
      hasDecided = true;
      if (excess > 0) throw new ProblemError('clock_jumped', DETAIL);
      return at;
    },
    likely: () => {
      const at = now();
      return new Date(at.getTime() - readExcess(at));
    },
    isAheadOfStore,
    aheadMs: () => readExcess(now()),
  };
}
