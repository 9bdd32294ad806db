/** How many parts the last minute has. */
export const PARTS = 12;

/** How long each of them is, in milliseconds. */
export const PART_MS = 5000;

/** Reports in all, as of a moment of the browser's own clock. */
export interface Total {
  readonly atMs: number;
  readonly reports: number;
}

/** Adds a total. Of those that are older than a minute the last is kept, for the next is more than it. */
export function addTotal(totals: readonly Total[], total: Total): readonly Total[] {
  const oldMs = total.atMs - PARTS * PART_MS;
  const first = totals.findLastIndex(({ atMs }) => atMs <= oldMs);
  return [...totals.slice(Math.max(0, first)), total];
}

/** What came between the totals, by parts of the minute before a moment. */
export function minuteOf(totals: readonly Total[], nowMs: number): readonly number[] {
  const totalAt = (atMs: number): number =>
    totals.findLast((one) => one.atMs <= atMs)?.reports ?? totals[0]?.reports ?? 0;
  return Array.from({ length: PARTS }, (_, i) => {
    const endMs = nowMs - (PARTS - 1 - i) * PART_MS;
    return Math.max(0, totalAt(endMs) - totalAt(endMs - PART_MS));
  });
}
