import type { Logger } from 'pino';

/** How far the clock may be from that of the store before the log warns of it, in milliseconds. */
const MAX_LEAD_MS = 5 * 60_000;

/** Creates a listener that tells the log when the clock and that of the store come apart, and of the end. */
export function tellClock(logger: Logger): (leadMs: number) => void {
  let isApart = false;
  return (leadMs) => {
    if (Math.abs(leadMs) > MAX_LEAD_MS === isApart) return;
    isApart = !isApart;
    if (!isApart) return logger.info('the clock is that of the store again');
    logger.warn(
      { ahead_seconds: Math.round(leadMs / 1000) },
      'the clock of this machine is not that of the store: put the wrong one right',
    );
  };
}
