import { type ClockGuard, MAX_LEAD_ON_STORE_MS } from '../intake/clock-guard.js';
import { DAY_MS } from '../rules/day.js';
import { reasonOf, told } from './causes.js';
import type { Finding } from './conditions.js';

/**
 * Examines whether the clock has jumped ahead, or is ahead of that of the store.
 *
 * @param maxJumpMs - How far it may jump.
 * @param server - Which server is restarted if the clock is right.
 */
export function examineClock(
  clock: Pick<ClockGuard, 'aheadMs' | 'isAheadOfStore'>,
  maxJumpMs: number,
  server: 'collector' | 'relay',
): Finding {
  const aheadMs = clock.aheadMs();
  const value = Math.round(aheadMs / 1000);
  const threshold = Number.isFinite(maxJumpMs) ? maxJumpMs / 1000 : null;
  if (aheadMs === 0) return { value, threshold };
  if (clock.isAheadOfStore()) {
    const days = Math.round((aheadMs / DAY_MS) * 10) / 10;
    const text =
      `The clock is ${days} days ahead of that of the store, and reports are refused. ` +
      'Put the wrong one right.';
    const ahead = reasonOf([told('clock_ahead', text, { days })]);
    return { value, threshold: MAX_LEAD_ON_STORE_MS / 1000, ...ahead };
  }
  const days = Math.round(aheadMs / DAY_MS);
  const text =
    `The clock jumped ${days} days ahead, and reports are refused. ` +
    `Put it right; if it is right, restart the ${server}.`;
  return { value, threshold, ...reasonOf([told('clock_ahead', text, { days })]) };
}
