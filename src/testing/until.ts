// Those of the module, not the globals: a test may have replaced these by a clock of its own.
import { clearTimeout, setTimeout } from 'node:timers';

/** Tells when to look again. */
export type Subscribe = (callback: () => void) => () => void;

/**
 * Waits until a condition holds. Looks again whenever something changes.
 *
 * @returns what the condition has found; `undefined` after the deadline
 */
export function until<T>(
  find: () => T | undefined,
  onChange: Subscribe,
  withinMs: number,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const end = (found: T | undefined): void => {
      stop();
      clearTimeout(timer);
      resolve(found);
    };
    const look = (): void => {
      const found = find();
      if (found !== undefined) end(found);
    };
    const stop = onChange(look);
    const timer = setTimeout(() => end(find()), withinMs);
    look();
  });
}
