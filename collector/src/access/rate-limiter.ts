/** How often something may be done. */
export interface RateLimit {
  /** Names the limit in headers. */
  readonly name: string;
  /** How often within a window, all at once or spread over it. */
  readonly requests: number;
  readonly windowSeconds: number;
}

/** Whether one more is within the limit, and what is left. */
export interface RateVerdict {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** When all of the limit is there again, in milliseconds from now. */
  readonly resetMs: number;
  /** When the next one is allowed, in milliseconds from now; 0 if it is allowed now. */
  readonly retryAfterMs: number;
}

/** Counts against one limit, by key. */
export interface RateLimiter {
  readonly limit: RateLimit;
  readonly take: (key: string) => RateVerdict;
  /** Keys that are remembered. */
  readonly size: number;
}

/** Keys that are remembered at most: about 10 MB. Beyond it, the one that began first is dropped. */
const MAX_KEYS = 100_000;

/** Removes what has run out after so many takes: rarely, and often enough to stay small. */
const SWEEP_EVERY = 10_000;

/**
 * The generic cell rate algorithm: one number for each key, the moment at which its whole limit is
 * there again. Nothing runs in the background.
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
    get size() {
      return fullAt.size;
    },
  };
}
