import type { ReportEntry } from '../journal/journal-entry.js';
import { MAX_AHEAD_MS } from '../rules/clock-gap.js';
import { timeOfKey } from '../rules/report-key.js';

/**
 * Notes in each entry of a batch when the newest of them was made, if the batch was received later
 * than it says that it was sent: what was made after `sent_at` proves a late delivery. Nearly all
 * batches need nothing of it, and stay as they are.
 */
export function noteNewest(entries: readonly ReportEntry[]): readonly ReportEntry[] {
  const [first] = entries;
  if (first === undefined || !isLate(first)) return entries;
  const newestAt = findNewest(entries, first.receivedAt);
  return entries.map((entry) => ({ ...entry, newestAt }));
}

/** Whether a batch was received later than it says that it was sent, by more than clocks may differ. */
export const isLate = ({
  receivedAt,
  sentAt,
}: Pick<ReportEntry, 'receivedAt' | 'sentAt'>): boolean =>
  sentAt !== null && receivedAt - sentAt > MAX_AHEAD_MS;

/** When the newest report of a batch was made; `null` if none tells a moment that is possible. */
export function findNewest(
  reports: readonly Pick<ReportEntry, 'at' | 'reportKey'>[],
  receivedAt: number,
): number | null {
  const latest = receivedAt + MAX_AHEAD_MS;
  let newestAt: number | null = null;
  for (const { at, reportKey } of reports) {
    const byKey = reportKey === null ? undefined : timeOfKey(reportKey);
    for (const time of [at, byKey]) {
      if (typeof time !== 'number' || time > latest) continue;
      newestAt = Math.max(newestAt ?? time, time);
    }
  }
  return newestAt;
}
