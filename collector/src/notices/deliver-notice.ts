import { errorCodeOf } from '../error-code.js';
import { hasCode } from '../has-code.js';
import type { Notice } from './notice.js';
import type { NoticeTimes } from './notice-times.js';
import { postWebhook, type WebhookAnswer } from './post-webhook.js';
import type { Receiver, Webhook } from './receiver.js';
import { runMailCommand } from './run-mail-command.js';
import { shapeNotice } from './shape-notice.js';
import { toMail } from './to-mail.js';

/** How an attempt to deliver a message went. */
export type Delivery =
  | { readonly kind: 'delivered' }
  /** The collector ends before it is known how it went. */
  | { readonly kind: 'left' }
  | {
      readonly kind: 'failed';
      /** Without secrets. */
      readonly reason: string;
      /** Whether the receiver would never take this message. */
      readonly isFinal: boolean;
      /** How long it wants to be left alone, in milliseconds. */
      readonly retryAfterMs?: number | undefined;
    };

/** What an attempt needs besides the message. */
export interface DeliveryParts {
  readonly times: NoticeTimes;
  readonly now: () => Date;
  readonly version: string;
  /** Ends a request, and leaves a command to itself: the collector ends. */
  readonly signal: AbortSignal;
}

/** Answers to a message that would get the same answer again. */
const REFUSED_FOR_GOOD: ReadonlySet<number> = new Set([400, 413, 422]);

/** Delivers a message once. */
export async function deliverNotice(
  receiver: Receiver,
  notice: Notice,
  parts: DeliveryParts,
): Promise<Delivery> {
  if ('webhook' in receiver) return post(receiver.webhook, notice, parts);
  if (notice.type === 'alerts') throw new Error('A mail command takes digests only.');
  const { command, ...addresses } = receiver.mail;
  const mail = toMail(notice, addresses);
  const { signal, times } = parts;
  const outcome = await runMailCommand({ command, mail, signal, withinMs: times.commandMs });
  if (outcome.kind === 'taken') return { kind: 'delivered' };
  return outcome.kind === 'left' ? outcome : { ...outcome, isFinal: false };
}

async function post(
  { url, format }: Webhook,
  notice: Notice,
  { times, now, version, signal }: DeliveryParts,
): Promise<Delivery> {
  let answer: WebhookAnswer;
  try {
    answer = await postWebhook(
      {
        ...{ url, signal, withinMs: times.webhookMs, body: shapeNotice(notice, format) },
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': `headcount-collector/${version}`,
          'idempotency-key': notice.id,
        },
      },
      now,
    );
  } catch (error) {
    if (signal.aborted) return { kind: 'left' };
    return { kind: 'failed', reason: explain(error, times.webhookMs), isFinal: false };
  }
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const hint = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return {
    ...{ kind: 'failed', reason: `it answered ${status}${hint}`, retryAfterMs },
    isFinal: REFUSED_FOR_GOOD.has(status),
  };
}

/** Messages of errors can quote an address, so that the code must do. */
function explain(error: unknown, withinMs: number): string {
  if (hasCode(error, 'ABORT_ERR')) return `it did not answer within ${withinMs / 1000} s`;
  return `it cannot be reached (${errorCodeOf(error) ?? typeof error})`;
}
