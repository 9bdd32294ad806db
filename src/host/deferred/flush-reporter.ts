import type { FlushResult } from '../../api.js';
import { totalDropped } from '../../drop-reasons.js';
import type { Platform } from '../../platform/platform.js';
import type { Reporter, ReporterCounts } from '../reporter.js';
import { queuedReports } from './reporter-status.js';

/** What earlier results have told, so that each report is in one of them. */
const told = new WeakMap<ReporterCounts, { readonly sent: number; readonly dropped: number }>();

/** Sends now. The process stays alive until it is done or the time is over. Never rejects. */
export async function flushReporter(
  reporter: Reporter,
  platform: Platform,
  timeoutMs: number,
): Promise<FlushResult> {
  const { schedule, counts } = reporter;
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
  const before = told.get(counts) ?? { sent: 0, dropped: 0 };
  const now = { sent: counts.sent, dropped: totalDropped(counts.dropped) };
  told.set(counts, now);
  return {
    sent: now.sent - before.sent,
    queued: queuedReports(reporter, platform),
    dropped: now.dropped - before.dropped,
  };
}
