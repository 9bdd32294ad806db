import type { Logger } from 'pino';
import { ProblemError } from '../errors.js';

export interface ClockGuardParts {
  /** The wall clock. */
  readonly now: () => Date;
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonicMs: () => number;
  /** How far the wall clock may get ahead of the other one between two readings. */
  readonly maxJumpMs: number;
  readonly logger: Pick<Logger, 'error' | 'info'>;
}

/** The wall clock, for moments that are kept: those of receipt decide what is forgotten. */
export interface ClockGuard {
  /** @throws `ProblemError` while the wall clock is too far ahead to be believed. */
  now(): Date;
  /** Like {@link now}; while the wall clock is not believed, what it would show had it not jumped. */
  likely(): Date;
}

const JUMPED =
  'the clock jumped ahead: reports are refused until it is put right, or until a restart if it is';

const DETAIL =
  'The collector’s clock has jumped ahead. Put it right, or, if it is right now, restart the ' +
  'collector. Nothing of this request was kept; send it again later.';

/** Creates the guard, which believes the wall clock as it is at that moment. */
export function createClockGuard(parts: ClockGuardParts): ClockGuard {
  const { now, monotonicMs, maxJumpMs, logger } = parts;
  const leadOf = (at: Date): number => at.getTime() - monotonicMs();
  // The furthest that was believed: a clock that falls back and returns has not jumped ahead.
  let lead = leadOf(now());
  let hasJumped = false;

  /** How far the wall clock is ahead of what it should show; 0 where it is believed. */
  const readExcess = (at: Date): number => {
    const excess = leadOf(at) - lead;
    const isAhead = excess > maxJumpMs;
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
      if (readExcess(at) > 0) throw new ProblemError('clock_jumped', DETAIL);
      return at;
    },
    likely: () => {
      const at = now();
      return new Date(at.getTime() - readExcess(at));
    },
  };
}
