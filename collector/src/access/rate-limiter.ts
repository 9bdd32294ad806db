/** How often something may be done. */
export interface RateLimit {
  /** The name of the limit in headers. */
  readonly name: string;
  /** Requests within a window, in a burst or spread over it. */
  readonly requests: number;
  readonly windowSeconds: number;
}

/** Whether one more request is within the limit, and how many are left. */
export interface RateVerdict {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** When the whole limit is available again, in milliseconds from now. */
  readonly resetMs: number;
  /** When the next request is allowed, in milliseconds from now; 0 if it is allowed now. */
  readonly retryAfterMs: number;
}

/** Counts requests by key against one limit. */
export interface RateLimiter {
  readonly limit: RateLimit;
  readonly take: (key: string) => RateVerdict;
  /** Undoes one allowed {@link take}. */
  readonly giveBack: (key: string) => void;
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
  const costMs = windowMs / limit.requests;
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

  return {
    limit,
    take: (key) => {
      const now = nowMs();
      if (++takes % SWEEP_EVERY === 0) sweep(now);
      const known = fullAt.get(key);
      if (known === undefined) makeRoom();
      const before = Math.max(known ?? now, now);
      const after = before + costMs;
      const retryAfterMs = after - now - windowMs;
      // A rounding error must not cost the last request of a window.
      const isAllowed = retryAfterMs < 1e-6;
      const settled = isAllowed ? after : before;
      fullAt.set(key, settled);
      return {
        isAllowed,
        remaining: Math.max(0, Math.floor((windowMs - (settled - now)) / costMs + 1e-6)),
        resetMs: settled - now,
        retryAfterMs: isAllowed ? 0 : retryAfterMs,
      };
    },
    giveBack: (key) => {
      const at = fullAt.get(key);
      if (at !== undefined) fullAt.set(key, at - costMs);
    },
    get size() {
      return fullAt.size;
    },
  };
}
