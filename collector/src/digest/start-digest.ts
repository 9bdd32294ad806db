import type { Logger } from 'pino';
import { describeError } from '../logs/logger.js';
import type { Digest, Notices } from '../notices/open-notices.js';
import { DAY_MS } from '../rules/day.js';
import { lastDue, type Schedule } from './last-due.js';

export interface DigestParts {
  readonly notices: Pick<Notices, 'digestDate' | 'putDigest'>;
  readonly schedule: Schedule;
  readonly make: (signal: AbortSignal) => Promise<Digest>;
  readonly now: () => Date;
  /** While the clock cannot be trusted, no digest is made. */
  readonly isClockTrusted: () => boolean;
  /** Whether this node sends the digests of all. */
  readonly isLeader: () => boolean;
  /** How often it looks whether a digest is due, in milliseconds. */
  readonly checkEveryMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** Makes the digest of each week once. */
export interface DigestClock {
  close(): Promise<void>;
}

/** Starts to look whether a digest is due. After weeks without the collector, the newest is. */
export function startDigest(parts: DigestParts): DigestClock {
  const { notices, schedule, make, now, isClockTrusted, isLeader, checkEveryMs, logger } = parts;
  const closing = new AbortController();
  let isFailing = false;
  let present: Promise<void> | undefined;

  const check = async (): Promise<void> => {
    if (!isClockTrusted()) return;
    const date = lastDue(now().getTime(), schedule);
    const last = notices.digestDate;
    // Those that another node has sent are not sent again, should this one lead later.
    const isOfAnother = last !== null && date > last && !isLeader();
    if (last === null || isOfAnother || isOfWrongClock(last, date)) {
      // The first digest is that of the first week that ends while the collector runs.
      await notices.putDigest(date, undefined);
      return;
    }
    if (date <= last) return;
    await notices.putDigest(date, await make(closing.signal));
    isFailing = false;
    logger.info({ date }, 'the digest of the week is made');
  };
  const look = (): void => {
    present ??= check()
      .catch((error: unknown) => {
        if (closing.signal.aborted) return;
        if (!isFailing) logger.warn({ error: describeError(error) }, 'the digest is made later');
        isFailing = true;
      })
      .finally(() => {
        present = undefined;
      });
  };
  look();
  const timer = setInterval(look, checkEveryMs).unref();
  return {
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await present;
    },
  };
}

/** Whether the last digest was made for a day so late that the clock was wrong. */
const isOfWrongClock = (last: string, due: string): boolean =>
  Date.parse(last) - Date.parse(due) > 7 * DAY_MS;
