import { DAY_MS } from '../rules/day.js';
import { reasonOf, told } from './causes.js';
import type { Finding } from './conditions.js';

/**
 * Examines whether the clock has jumped ahead.
 *
 * @param aheadMs - How far, in milliseconds; 0 if it has not.
 * @param maxJumpMs - How far it may.
 * @param server - Which server is restarted if the clock is right.
 */
export function examineClock(
  aheadMs: number,
  maxJumpMs: number,
  server: 'collector' | 'relay',
): Finding {
  const value = Math.round(aheadMs / 1000);
  const threshold = Number.isFinite(maxJumpMs) ? maxJumpMs / 1000 : null;
  if (aheadMs === 0) return { value, threshold };
  const days = Math.round(aheadMs / DAY_MS);
  const text =
    `The clock jumped ${days} days ahead, and reports are refused. ` +
    `Put it right; if it is right, restart the ${server}.`;
  return { value, threshold, ...reasonOf([told('clock_ahead', text, { days })]) };
}
