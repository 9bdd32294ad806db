const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether a process may be started again: one in each interval, and the first of each day. */
export function isIntervalOver(lastMs: number, nowMs: number, everyMs: number): boolean {
  const isSameDay = Math.floor(lastMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
  // A last time in the future is that of a clock which was set back since.
  return !(isSameDay && nowMs >= lastMs && nowMs - lastMs < everyMs);
}
