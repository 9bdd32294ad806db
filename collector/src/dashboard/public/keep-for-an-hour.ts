import { LIFETIME_SECONDS } from './lasting-answer.js';

/**
 * Keeps what everybody sees for an hour, so that it is seldom made and cannot be watched.
 *
 * @param most - How many are kept; the oldest goes for one more.
 * @param monotonicMs - Milliseconds of a monotonic clock.
 * @returns Gives what is kept under a key, else makes it.
 */
export function keepForAnHour<Value>(
  most: number,
  monotonicMs: () => number,
): (key: string, make: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, { readonly value: Value; readonly untilMs: number }>();
  return async (key, make) => {
    const nowMs = monotonicMs();
    const known = kept.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.value;
    const value = await make();
    kept.delete(key);
    if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
    kept.set(key, { value, untilMs: nowMs + LIFETIME_SECONDS * 1000 });
    return value;
  };
}
