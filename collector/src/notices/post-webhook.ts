import type { IncomingMessage } from 'node:http';
import { readRetryAfter } from '../read-retry-after.js';

/** A request to a webhook. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long it may take until the answer begins, in milliseconds. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** What a webhook answered. */
export interface WebhookAnswer {
  readonly status: number;
  /** How long it wants to be left alone, in milliseconds; `undefined` if it does not say. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Posts to a webhook. A redirect is an answer like any other: it is not followed, since it could
 * lead the message to another server.
 *
 * @throws If no answer comes in time.
 */
export async function postWebhook(
  { url, headers, body, withinMs, signal }: WebhookRequest,
  now: () => Date,
): Promise<WebhookAnswer> {
  const { request } = url.startsWith('https:')
    ? await import('node:https')
    : await import('node:http');
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const posted = request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
      },
      resolve,
    );
    posted.on('error', reject);
    posted.end(body);
  });
  // The status is all that is needed; a body may have no end.
  answer.on('error', () => undefined);
  answer.destroy();
  return {
    status: answer.statusCode ?? 0,
    retryAfterMs: readRetryAfter(answer.headers['retry-after'], now().getTime()),
  };
}
