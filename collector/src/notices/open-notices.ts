import type { Logger } from 'pino';
import { type Courier, startCourier } from './courier.js';
import type { CheckFolder } from '../opened-folder.js';
import { deliverNotice } from './deliver-notice.js';
import type { DigestNotice, ToldCondition } from './notice.js';
import type { NoticeTimes } from './notice-times.js';
import { type Box, openOutbox } from './outbox.js';
import type { Receiver } from './receiver.js';
import { tellBox } from './tell-box.js';

export interface NoticeParts {
  readonly receivers: readonly Receiver[];
  /** The path of the outbox. */
  readonly path: string;
  readonly host: string;
  readonly version: string;
  readonly times: NoticeTimes;
  readonly now: () => Date;
  readonly makeId: () => string;
  /** See `EventMaker`. */
  readonly mayBegin: (condition: string) => boolean;
  readonly random: () => number;
  readonly logger: Logger;
  /** Asked before the outbox is written. */
  readonly checkFolder?: CheckFolder;
}

/** A digest, before it is a message. */
export interface Digest {
  readonly subject: string;
  readonly text: string;
}

/** A receiver that did not take the last message. */
export interface FailingReceiver {
  /** Its name in the log. */
  readonly name: string;
  readonly since: Date;
  /** Without secrets. */
  readonly reason: string;
  /** Whether it refused a message for good. */
  readonly isLost: boolean;
}

/** Tells receivers what becomes of conditions, and brings them digests. */
export interface Notices {
  /** Takes all conditions as they are now. What has changed is sent, once to each receiver. */
  tell(conditions: readonly ToldCondition[]): void;
  readonly failing: readonly FailingReceiver[];
  /** The day for which the last digest was made; `null` if there was none. */
  readonly digestDate: string | null;
  /**
   * Notes that a day has had its digest, and sends it if there is one.
   *
   * @throws If that cannot be written down.
   */
  putDigest(date: string, digest: Digest | undefined): Promise<void>;
  /** Waits for what is sent right now. What is left is sent after the next start. */
  close(): Promise<void>;
}

/** Opens the outbox, and goes on to deliver what is in it. */
export function openNotices(parts: NoticeParts): Notices {
  const { receivers, path, host, version, times, now, makeId, mayBegin, random, logger } = parts;
  const keys = receivers.map(({ key }) => key);
  const outbox = openOutbox(path, keys, logger, parts.checkFolder);
  const save = (): Promise<boolean> => outbox.save();
  const closing = new AbortController();
  const posts: Post[] = receivers.flatMap((receiver) => {
    const box = outbox.boxes.get(receiver.key);
    if (box === undefined) return [];
    giveUpBegun(receiver, box, logger);
    const courier = startCourier({
      ...{ receiver, box, save, pauses: times, makeId, host, now, random, logger },
      deliver: (notice) =>
        deliverNotice(receiver, notice, { times, now, version, signal: closing.signal }),
    });
    return [{ receiver, box, courier }];
  });
  let last: readonly ToldCondition[] | undefined;
  let isSettled = false;
  const tellAll = (): void => {
    if (last === undefined) return;
    let hasChanged = false;
    for (const { receiver, box, courier } of posts) {
      if (!receiver.takesAlerts || !tellBox(box, last, isSettled, { now, makeId, mayBegin }))
        continue;
      hasChanged = true;
      courier.wake();
    }
    // A failure is logged; the events stay in memory.
    if (hasChanged) void save();
  };
  const settling = setTimeout(() => {
    isSettled = true;
    tellAll();
  }, times.settleMs).unref();

  return {
    tell: (conditions) => {
      last = conditions;
      tellAll();
    },
    get failing() {
      return posts.flatMap(({ receiver: { name }, box: { trouble } }) => {
        if (!trouble) return [];
        const { since, reason, is_lost: isLost } = trouble;
        return [{ name, since: new Date(since), reason, isLost }];
      });
    },
    get digestDate() {
      return outbox.digestDate;
    },
    putDigest: async (date, digest) => {
      const before = outbox.digestDate;
      const takers = posts.filter(({ receiver }) => digest !== undefined && receiver.takesDigest);
      const id = `digest-${date}-${makeId()}`;
      const made_at = now().toISOString();
      const notice: DigestNotice | null =
        digest === undefined
          ? null
          : { version: 1, type: 'digest', id, made_at, host, date, ...digest };
      outbox.digestDate = date;
      for (const { box } of takers) box.digest = notice;
      if (!(await save())) {
        // Without the mark of its day, it would be sent again after a restart.
        outbox.digestDate = before;
        for (const { box } of takers) box.digest = null;
        throw new Error('The outbox cannot be written.');
      }
      for (const { courier } of takers) courier.wake();
    },
    close: async () => {
      clearTimeout(settling);
      const timer = setTimeout(() => closing.abort(), times.closeMs);
      await Promise.all(posts.map(({ courier }) => courier.close()));
      clearTimeout(timer);
      await save();
    },
  };
}

interface Post {
  readonly receiver: Receiver;
  readonly box: Box;
  readonly courier: Courier;
}

/** A command that was cut off by the end of the process may have delivered its mail. */
function giveUpBegun(receiver: Receiver, box: Box, logger: Pick<Logger, 'warn'>): void {
  if (!box.begun || box.sending === null) return;
  const told = { receiver: receiver.name, type: box.sending.type, id: box.sending.id };
  logger.warn(told, 'the collector ended while a message was handed over: it is not sent again');
  Object.assign(box, { sending: null, begun: false, failures: 0 });
}
