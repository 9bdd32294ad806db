import type { Env } from '../platform/platform.js';
import { clamp, MAX_TIME_MS } from '../ranges.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a process may start again: once in each interval, and always as the first of a day. */
export function isIntervalOver(last: string, nowMs: number, everyMs: number): boolean {
  const lastMs = clamp(last, MAX_TIME_MS);
  const isSameDay = Math.floor(lastMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
  // A last time in the future means that the clock was set back since then.
  return !(isSameDay && nowMs >= lastMs && nowMs - lastMs < everyMs);
}

/** The interval from the environment, for experiments. An invalid value counts as not set. */
export function exitUploadIntervalMs({
  HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: value,
}: Env): number | undefined {
  return value !== undefined && /^\d{1,8}$/.test(value) ? Number(value) : undefined;
}

/** When a process may start again, if that is not now. */
export function nextExitMs(
  last: string | undefined,
  nowMs: number,
  everyMs: number,
): number | undefined {
  if (last === undefined || everyMs <= 0 || isIntervalOver(last, nowMs, everyMs)) return undefined;
  const lastMs = clamp(last, MAX_TIME_MS);
  return Math.min(lastMs + everyMs, (Math.floor(lastMs / DAY_MS) + 1) * DAY_MS);
}
