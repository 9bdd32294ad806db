import type { ReportEntry } from '../journal/journal-entry.js';
import { REMEMBERED_DAYS } from '../store/store.js';
import { DAY_MS } from './day.js';
import { timeOfKey } from './time-of-key.js';

/**
 * Whether a report was made, by its own key, before the time for which keys are remembered: nobody
 * could tell whether it was counted then. A clock that is wrong is put right by how wrong it was
 * when it sent.
 */
export function isTooOld({
  reportKey,
  receivedAt,
  sentAt,
}: Pick<ReportEntry, 'reportKey' | 'receivedAt' | 'sentAt'>): boolean {
  const madeAt = reportKey === null ? undefined : timeOfKey(reportKey);
  if (madeAt === undefined) return false;
  return (sentAt ?? receivedAt) - madeAt > REMEMBERED_DAYS * DAY_MS;
}
