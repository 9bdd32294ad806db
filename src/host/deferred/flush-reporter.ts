import type { FlushResult } from '../../api.js';
import { totalDropped } from '../../drop-reasons.js';
import type { Platform } from '../../platform/platform.js';
import type { Reporter } from '../reporter.js';
import { queuedReports } from './reporter-status.js';

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
  return {
    sent: counts.sent - before.sent,
    queued: queuedReports(reporter, platform),
    dropped: totalDropped(counts.dropped) - before.dropped,
  };
}
