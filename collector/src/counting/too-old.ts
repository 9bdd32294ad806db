import type { ReportEntry } from '../journal/journal-entry.js';
import { REMEMBERED_DAYS } from '../store/limits.js';
import { DAY_MS } from './day.js';
import { timeOfKey } from './time-of-key.js';

/** How long the oldest report may be expected to lie in an outbox, in days; older is a wrong clock. */
const OLDEST_DAYS = 400;

/**
 * Whether a report was made before the time for which keys are remembered: nobody could tell
 * whether it was counted then. That is believed only of a clock that was right when it sent, and
 * where the key and the report's own moment agree: any other clock is wrong, and its reports count
 * when they are received.
 */
export function isTooOld({
  reportKey,
  receivedAt,
  at,
  sentAt,
}: Pick<ReportEntry, 'reportKey' | 'receivedAt' | 'at' | 'sentAt'>): boolean {
  const madeAt = reportKey === null ? undefined : timeOfKey(reportKey);
  if (madeAt === undefined || at === null || sentAt === null) return false;
  const age = receivedAt - madeAt;
  return (
    age > REMEMBERED_DAYS * DAY_MS &&
    age <= OLDEST_DAYS * DAY_MS &&
    Math.abs(at - madeAt) <= DAY_MS &&
    Math.abs(receivedAt - sentAt) < DAY_MS
  );
}
