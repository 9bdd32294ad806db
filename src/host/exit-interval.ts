import { clamp, MAX_TIME_MS } from '../ranges.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a process may start again: once in each interval, and always as the first of a day. */
export function isIntervalOver(last: string, nowMs: number, everyMs: number): boolean {
  const lastMs = clamp(last, MAX_TIME_MS);
  const isSameDay = Math.floor(lastMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
  // A last time in the future means that the clock was set back since then.
  return !(isSameDay && nowMs >= lastMs && nowMs - lastMs < everyMs);
}
