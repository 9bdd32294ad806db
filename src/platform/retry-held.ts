import type { Patience } from './patiently.js';

/** How long a thread waits for files that another program holds. */
export interface HeldLimits {
  /** For one call. */
  readonly callMs: number;
  /** For all calls within {@link HeldLimits.windowMs}: a folder may be closed to us for good. */
  readonly totalMs: number;
  readonly windowMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  /** Waits for a moment, or returns at once where the thread must not wait. */
  readonly pause: () => void;
}

/** In the host's thread: enough for a file that is held for an instant, and never noticed. */
export const HOST_LIMITS = {
  callMs: 2,
  totalMs: 3,
  windowMs: Infinity,
  pause: () => undefined,
} satisfies Partial<HeldLimits>;

/** A scanner holds a new file for 20 to 200 ms. Windows has these codes for it. */
const HELD: readonly unknown[] = ['EBUSY', 'EPERM', 'EACCES'];

/** Repeats a file call that fails because another program holds the file. */
export function retryHeld({
  callMs,
  totalMs,
  windowMs,
  elapsed,
  pause,
}: HeldLimits): Patience['retry'] {
  let windowStartMs = -Infinity;
  let spentMs = 0;
  return (error, call) => {
    const startMs = elapsed();
    if (startMs - windowStartMs > windowMs) {
      windowStartMs = startMs;
      spentMs = 0;
    }
    const endMs = startMs + Math.min(callMs, totalMs - spentMs);
    let last = error;
    try {
      while (HELD.includes((last as { code?: unknown }).code) && elapsed() < endMs) {
        pause();
        try {
          return call();
        } catch (again) {
          last = again;
        }
      }
      throw last;
    } finally {
      spentMs += elapsed() - startMs;
    }
  };
}
