import type { Logger } from 'pino';
import { pauseAfter } from '../pause-after.js';
import type { Delivery } from './deliver-notice.js';
import type { Notice } from './notice.js';
import type { NoticeTimes } from './notice-times.js';
import type { Box } from './outbox.js';
import type { Receiver } from './receiver.js';

export interface CourierParts {
  readonly receiver: Receiver;
  readonly box: Box;
  readonly save: () => Promise<unknown>;
  readonly deliver: (notice: Notice) => Promise<Delivery>;
  readonly makeId: () => string;
  readonly host: string;
  readonly pauses: NoticeTimes;
  readonly now: () => Date;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Delivers what is in the box of a receiver, one message after the other. */
export interface Courier {
  /** Says that there is something in the box. */
  wake(): void;
  /** Begins no further attempt, and waits for the present one. */
  close(): Promise<void>;
}

/** Starts to deliver. */
export function startCourier(parts: CourierParts): Courier {
  const { receiver, box, save, deliver, pauses, now, random, logger } = parts;
  const name = receiver.name;
  let timer: NodeJS.Timeout | undefined;
  let attempt: Promise<void> | undefined;
  let isClosed = false;

  const schedule = (): void => {
    if (isClosed || timer !== undefined || attempt !== undefined) return;
    if (box.sending === null && box.waiting.length === 0 && box.digest === null) return;
    const gatherMs = box.sending === null ? pauses.gatherMs : 0;
    // A clock that was set back must not make it wait for longer than any pause.
    const dueMs = Math.min(box.next_at - now().getTime(), pauses.longestAskedMs);
    timer = setTimeout(
      () => {
        timer = undefined;
        attempt = run()
          .catch((error: unknown) => {
            logger.error({ receiver: name, error: String(error) }, 'messages are not sent');
          })
          .finally(() => {
            attempt = undefined;
            schedule();
          });
      },
      Math.max(dueMs, gatherMs),
    ).unref();
  };
  const run = async (): Promise<void> => {
    // Of digests that could not be delivered, the newest is enough.
    if (box.sending?.type === 'digest' && box.digest !== null) box.sending = null;
    const notice = (box.sending ??= takeNext(parts));
    if (notice === null) return;
    box.begun = 'mail' in receiver;
    // Before it is sent, so that a restart sends the same message again and no other.
    await save();
    const delivery = await deliver(notice);
    // The next start sends it again, but for a command, which may have taken it.
    if (delivery.kind === 'left') return;
    box.begun = false;
    settle(notice, delivery);
    await save();
  };
  const settle = (notice: Notice, delivery: Exclude<Delivery, { kind: 'left' }>): void => {
    const told = { receiver: name, type: notice.type, id: notice.id };
    box.trouble = troubleAfter(box.trouble, delivery, now());
    if (delivery.kind === 'delivered' || delivery.isFinal) {
      if (delivery.kind === 'failed') {
        logger.error({ ...told, reason: delivery.reason }, 'a message was refused and is dropped');
      } else if (box.failures > 0) {
        logger.info({ ...told, failures: box.failures }, 'messages are delivered again');
      }
      Object.assign(box, { sending: null, failures: 0, next_at: now().getTime() + pauses.restMs });
      return;
    }
    box.failures += 1;
    if (box.failures === 1) {
      const { reason } = delivery;
      logger.warn({ ...told, reason }, 'a message could not be delivered and is tried again');
    }
    const pauseMs = pauseAfter(box.failures, delivery.retryAfterMs ?? 0, pauses, random);
    box.next_at = now().getTime() + pauseMs;
  };

  schedule();
  return {
    wake: schedule,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await attempt;
    },
  };
}

/** What is wrong with a receiver. A message that is lost stays told until another one is taken. */
function troubleAfter(
  before: Box['trouble'],
  delivery: Exclude<Delivery, { kind: 'left' }>,
  now: Date,
): NonNullable<Box['trouble']> | null {
  if (delivery.kind === 'delivered') return null;
  const { reason, isFinal } = delivery;
  const since = before?.since ?? now.getTime();
  return { since, reason, is_lost: isFinal || before?.is_lost === true };
}

/** Takes the next message from the box: alerts are more urgent than a digest. */
function takeNext({ box, makeId, host, now }: CourierParts): Notice | null {
  if (box.waiting.length > 0) {
    const events = box.waiting.splice(0);
    return {
      ...{ version: 1, type: 'alerts', id: makeId(), made_at: now().toISOString(), host },
      events,
    };
  }
  const { digest } = box;
  box.digest = null;
  return digest;
}
