import type { FlushResult } from '../../api.js';
import { totalDropped } from '../../drop-reasons.js';
import type { Platform } from '../../platform/platform.js';
import type { Reporter, ReporterCounts } from '../reporter.js';
import { queuedReports } from './reporter-status.js';

/** What the last result has counted, so that a report is in one result only if calls overlap. */
const told = new WeakMap<ReporterCounts, { readonly sent: number; readonly dropped: number }>();

/** Sends now. The process stays alive until it is done or the time is over. Never rejects. */
export async function flushReporter(
  reporter: Reporter,
  platform: Platform,
  timeoutMs: number,
): Promise<FlushResult> {
  const { schedule, counts } = reporter;
  const before = { sent: counts.sent, dropped: totalDropped(counts.dropped) };
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      cancelDeadline();
      schedule.hold(false);
      resolve();
    };
    const cancelDeadline = platform.deadline(finish, timeoutMs);
    // The thread ends an attempt that is under way first: its result is counted by then.
    const sending = schedule.send();
    schedule.hold(true);
    void sending.then(finish);
  });
  const earlier = told.get(counts) ?? before;
  const now = { sent: counts.sent, dropped: totalDropped(counts.dropped) };
  told.set(counts, now);
  return {
    sent: now.sent - Math.max(before.sent, earlier.sent),
    queued: queuedReports(reporter, platform),
    dropped: now.dropped - Math.max(before.dropped, earlier.dropped),
  };
}
