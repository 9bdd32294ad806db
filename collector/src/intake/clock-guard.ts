import type { Logger } from 'pino';
import { ProblemError } from '../errors.js';

export interface ClockGuardParts {
  /** The wall clock. */
  readonly now: () => Date;
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonicMs: () => number;
  /** How far the wall clock may get ahead of the other one between two readings. */
  readonly maxJumpMs: number;
  /** The newest moment that is kept already; `null` if there is none. */
  readonly newest: Date | null;
  readonly logger: Pick<Logger, 'error' | 'info'>;
}

/** The wall clock, for moments that are kept: those of receipt decide what is forgotten. */
export interface ClockGuard {
  /** @throws `ProblemError` while the wall clock is too far ahead to be believed. */
  now(): Date;
  /** Like {@link now}; while the wall clock is not believed, what it would show had it not jumped. */
  likely(): Date;
  /** How far the wall clock is too far ahead, in milliseconds; 0 while it is believed. */
  aheadMs(): number;
}

const JUMPED =
  'the clock jumped ahead: reports are refused until it is put right; if it is right, restart the collector';

const DETAIL =
  'The collector’s clock has jumped ahead. Put it right, or, if it is right now, restart the ' +
  'collector. Nothing of this request was kept; send it again later.';

/**
 * Creates the guard. It believes the wall clock until the first report or deletion has come: what it
 * was before has decided nothing. And it believes what was kept before: time does not go back, so a
 * clock behind that is wrong, and one that catches up with it has not jumped.
 */
export function createClockGuard(parts: ClockGuardParts): ClockGuard {
  const { now, monotonicMs, maxJumpMs, newest, logger } = parts;
  const leadOf = (at: Date): number => at.getTime() - monotonicMs();
  // The furthest that was believed: a clock that falls back and returns has not jumped ahead.
  let lead = Math.max(leadOf(now()), newest === null ? -Infinity : leadOf(newest));
  let hasDecided = false;
  let hasJumped = false;

  /** How far the wall clock is ahead of what it should show; 0 where it is believed. */
  const readExcess = (at: Date): number => {
    const excess = leadOf(at) - lead;
    const isAhead = hasDecided && excess > maxJumpMs;
    if (isAhead !== hasJumped) {
      hasJumped = isAhead;
      if (isAhead) logger.error({ ahead_ms: Math.round(excess) }, JUMPED);
      else logger.info('the clock is back');
    }
    if (isAhead) return excess;
    lead = Math.max(lead, lead + excess);
    return 0;
  };

  return {
    now: () => {
      const at = now();
      const excess = readExcess(at);
      hasDecided = true;
      if (excess > 0) throw new ProblemError('clock_jumped', DETAIL);
      return at;
    },
    likely: () => {
      const at = now();
      return new Date(at.getTime() - readExcess(at));
    },
    aheadMs: () => readExcess(now()),
  };
}
