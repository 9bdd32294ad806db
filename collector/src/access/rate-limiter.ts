/** How often something may be done. */
export interface RateLimit {
  /** The name of the limit in headers. */
  readonly name: string;
  /** How much of it is allowed within a window, in a burst or spread over it. */
  readonly quota: number;
  readonly windowSeconds: number;
  /**
   * Whether more than the quota is never allowed at once.
   *
   * @default false
   */
  readonly isStrict?: boolean;
  /**
   * How many nodes share the quota: each has as much as the others.
   *
   * @default 1
   */
  readonly sharedBy?: () => number;
}

/** Whether something is within the limit, and how much is left. */
export interface RateVerdict {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** When the whole limit is available again, in milliseconds from now. */
  readonly resetMs: number;
  /** When it is allowed, in milliseconds from now; 0 if it is allowed now. */
  readonly retryAfterMs: number;
}

/** Counts by key against one limit. */
export interface RateLimiter {
  readonly limit: RateLimit;
  /**
   * Takes so much, all or nothing. More than the quota is allowed to a key that has its whole quota
   * left, unless the limit is strict: else it could never be. What it takes too much is then missing
   * for as long.
   *
   * @param cost - @default 1
   */
  readonly take: (key: string, cost?: number) => RateVerdict;
  /** What {@link take} would answer. */
  readonly look: (key: string, cost?: number) => RateVerdict;
  /** Undoes an allowed {@link take}. */
  readonly giveBack: (key: string, cost?: number) => void;
  /** Keys in memory. */
  readonly size: number;
}

/** Keys in memory at most, about 10 MB. Beyond it, the oldest is dropped. */
const MAX_KEYS = 100_000;

/** Expired keys are removed once in so many calls, so that a call stays cheap. */
const SWEEP_EVERY = 10_000;

/**
 * The generic cell rate algorithm: it keeps one number per key, the moment at which the key's whole
 * limit is available again. It needs no timer.
 *
 * @param nowMs - A clock that never goes back.
 */
export function createRateLimiter(
  limit: RateLimit,
  nowMs: () => number,
  maxKeys = MAX_KEYS,
): RateLimiter {
  const windowMs = limit.windowSeconds * 1000;
  const unitOf = (): number => windowMs / Math.max(1, limit.quota / (limit.sharedBy?.() ?? 1));
  const fullAt = new Map<string, number>();
  let takes = 0;

  const sweep = (now: number): void => {
    for (const [key, at] of fullAt) if (at <= now) fullAt.delete(key);
  };
  const makeRoom = (): void => {
    if (fullAt.size < maxKeys) return;
    const [oldest] = fullAt.keys();
    if (oldest !== undefined) fullAt.delete(oldest);
  };

  const judge = (before: number, now: number, cost: number): RateVerdict & { settled: number } => {
    const unitMs = unitOf();
    const after = before + cost * unitMs;
    const isWhole = before - now < 1e-6;
    const mostMs =
      isWhole && limit.isStrict !== true ? Math.max(windowMs, cost * unitMs) : windowMs;
    const retryAfterMs = Math.min(after - now - mostMs, isWhole ? windowMs : before - now);
    // A rounding error must not cost the last unit of a window.
    const isAllowed = after - now - mostMs < 1e-6;
    const settled = isAllowed ? after : before;
    return {
      isAllowed,
      settled,
      remaining: Math.max(0, Math.floor((windowMs - (settled - now)) / unitMs + 1e-6)),
      resetMs: settled - now,
      retryAfterMs: isAllowed ? 0 : retryAfterMs,
    };
  };
  const look = (key: string, cost = 1): RateVerdict & { settled: number } => {
    const now = nowMs();
    return judge(Math.max(fullAt.get(key) ?? now, now), now, cost);
  };

  return {
    limit,
    look,
    take: (key, cost = 1) => {
      if (++takes % SWEEP_EVERY === 0) sweep(nowMs());
      if (!fullAt.has(key)) makeRoom();
      const verdict = look(key, cost);
      fullAt.set(key, verdict.settled);
      return verdict;
    },
    giveBack: (key, cost = 1) => {
      const at = fullAt.get(key);
      if (at !== undefined) fullAt.set(key, at - cost * unitOf());
    },
    get size() {
      return fullAt.size;
    },
  };
}
