import type { FlushResult } from '../../api.js';
import { totalDropped } from '../../drop-reasons.js';
import type { SendResult } from '../../delivery/protocol.js';
import type { Platform } from '../../platform/platform.js';
import type { Reporter } from '../reporter.js';
import { queuedReports } from './reporter-status.js';

/** Sends now. The process stays alive until it is done or the time is over. Never rejects. */
export async function flushReporter(
  reporter: Reporter,
  platform: Platform,
  timeoutMs: number,
): Promise<FlushResult> {
  const { schedule } = reporter;
  const result = await new Promise<SendResult | undefined>((resolve) => {
    const finish = (sent: SendResult | undefined): void => {
      cancelDeadline();
      schedule.hold(false);
      resolve(sent);
    };
    const cancelDeadline = platform.deadline(() => finish(undefined), timeoutMs);
    const sending = schedule.send();
    schedule.hold(true);
    void sending.then(finish);
  });
  return {
    sent: result?.sent ?? 0,
    queued: queuedReports(reporter, platform),
    dropped: totalDropped(result?.dropped ?? {}),
  };
}
