import pRetry, { AbortError } from 'p-retry';
import type { Dispatcher } from 'undici';
import { exchange, errorTextOf, REQUEST_TIMEOUT_MS } from './http.js';
import { type Delivery, parseRetryAfter, readResponse } from './verdict.js';

const MAX_ANSWER_BYTES = 64 * 1024;
/** Below this, compression costs more than it saves. */
const COMPRESS_FROM_BYTES = 1_024;
const FIRST_RETRY_MS = 1_000;
/** There is no use in a request with less time than that. */
const MIN_ATTEMPT_MS = 3_000;

/** How a request goes out. */
export interface PostOptions {
  readonly url: string;
  readonly userAgent: string;
  readonly dispatcher: Dispatcher;
  /** Whether the collector is one that may understand gzip. */
  readonly mayCompress: boolean;
  readonly compress: (text: string) => Promise<Uint8Array>;
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Waits without keeping the process alive. */
  readonly sleep: (ms: number) => Promise<void>;
  /** How long there is time still for all that is to be sent. */
  readonly leftMs: () => number;
  /** Aborted once nothing more is to be sent. */
  readonly stop: AbortSignal;
}

/** How often a failed request is repeated. */
export interface Retries {
  readonly retries: number;
  /** Whether this sender may still send: asked before each repetition. */
  readonly mayGoOn: () => boolean | Promise<boolean>;
}

/** Posts a body of so many reports; repeats what may work. Never rejects. */
export type Post = (body: string, reports: number, retries: Retries) => Promise<Delivery>;

/** See {@link Post}. What goes wrong is a {@link Delivery} too. */
export function createPost(options: PostOptions): Post {
  let { mayCompress } = options;

  async function attempt(text: string, reports: number): Promise<Delivery> {
    const isCompressed = mayCompress && text.length > COMPRESS_FROM_BYTES;
    const body = isCompressed ? await options.compress(text) : text;
    const answer = await exchange(options.dispatcher, {
      url: options.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': options.userAgent,
        ...(isCompressed && { 'content-encoding': 'gzip' }),
      },
      body,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      timeoutMs: Math.min(REQUEST_TIMEOUT_MS, Math.max(Math.ceil(options.leftMs()), 0)),
      stop: options.stop,
    });
    const retryAfterMs = parseRetryAfter(answer.header('retry-after'), options.now());
    const delivery = readResponse(
      {
        status: answer.status,
        body: answer.body,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      },
      { reports, isCompressed },
    );
    if (delivery.kind !== 'unsupported-encoding') return delivery;
    mayCompress = false;
    return attempt(text, reports);
  }

  return async (body, reports, { retries, mayGoOn }) => {
    try {
      return await pRetry(
        async () => {
          const delivery = await attempt(body, reports);
          if (delivery.kind !== 'retry') return delivery;
          const error = new RetryLater(delivery);
          // A collector that says when to come back is not asked again before.
          throw delivery.retryAfterMs === undefined ? error : new AbortError(error);
        },
        {
          retries,
          minTimeout: 0,
          unref: true,
          // Full jitter, which p-retry's own `randomize` is not.
          onFailedAttempt: ({ attemptNumber, retriesLeft }) =>
            retriesLeft > 0 && !options.stop.aborted
              ? options.sleep(options.random() * FIRST_RETRY_MS * 2 ** (attemptNumber - 1))
              : undefined,
          shouldRetry: async () => options.leftMs() > MIN_ATTEMPT_MS && (await mayGoOn()),
        },
      );
    } catch (error) {
      return error instanceof RetryLater
        ? error.delivery
        : { kind: 'retry', error: errorTextOf(error) };
    }
  };
}

class RetryLater extends Error {
  constructor(readonly delivery: Extract<Delivery, { kind: 'retry' }>) {
    super(delivery.error);
  }
}
