import { setTimeout as wait } from 'node:timers/promises';
import { isStoreDown } from '../store-down-error.js';

/**
 * Asks the store for what is good to know of reports, but not needed to take them.
 *
 * @returns `undefined` while the store does not answer.
 */
export type LookUp = <Result>(ask: () => Promise<Result>) => Promise<Result | undefined>;

/** How long reports wait for the store, in milliseconds. */
const WAIT_MS = 2000;

/** How long a store that has not answered is not waited for, in milliseconds. */
const AWAY_MS = 5000;

const LATE = Symbol('late');

/** @param nowMs - A clock that never goes back, in milliseconds. */
export function createLookUp(nowMs: () => number): LookUp {
  let isAway = false;
  let askFrom = -Infinity;
  return async (ask) => {
    if (isAway) {
      if (nowMs() < askFrom) return undefined;
      // One request finds out whether it is back; others do not wait for that.
      askFrom = nowMs() + AWAY_MS;
    }
    const found = await inTime(ask());
    isAway = found === LATE;
    if (found !== LATE) return found;
    askFrom = nowMs() + AWAY_MS;
    return undefined;
  };
}

async function inTime<Result>(asking: Promise<Result>): Promise<Result | typeof LATE> {
  const timer = new AbortController();
  const late = wait(WAIT_MS, undefined, { signal: timer.signal }).then(
    (): typeof LATE => LATE,
    (): typeof LATE => LATE, // it is stopped
  );
  try {
    return await Promise.race([asking, late]);
  } catch (error) {
    if (isStoreDown(error)) return LATE;
    throw error;
  } finally {
    timer.abort();
  }
}
