import pRetry, { AbortError } from 'p-retry';
import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';
import { parseRetryAfter } from './retry-after.js';
import { type Delivery, readResponse } from './response.js';

const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Below this, compression costs more than it saves. */
const COMPRESS_FROM_BYTES = 1_024;
const FIRST_RETRY_MS = 1_000;

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
}

/** Posts a body of so many reports; repeats what may work `retries` times. Never rejects. */
export type Post = (body: string, reports: number, retries: number) => Promise<Delivery>;

/** See {@link Post}. What goes wrong is a {@link Delivery} too. */
export function createPost(options: PostOptions): Post {
  const { origin, pathname, search } = new URL(options.url);
  let { mayCompress } = options;

  async function attempt(text: string, reports: number): Promise<Delivery> {
    const isCompressed = mayCompress && text.length > COMPRESS_FROM_BYTES;
    const body = isCompressed ? await options.compress(text) : text;
    const response = await send(options.dispatcher, {
      origin,
      path: `${pathname}${search}`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': options.userAgent,
        ...(isCompressed && { 'content-encoding': 'gzip' }),
      },
      body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const retryAfterMs = parseRetryAfter(headerOf(response, 'retry-after'), options.now());
    const delivery = readResponse(
      {
        status: response.statusCode,
        body: await readBounded(response.body),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      },
      { reports, isCompressed },
    );
    if (delivery.kind !== 'unsupported-encoding') return delivery;
    mayCompress = false;
    return attempt(text, reports);
  }

  return async (body, reports, retries) => {
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
            retriesLeft > 0
              ? options.sleep(options.random() * FIRST_RETRY_MS * 2 ** (attemptNumber - 1))
              : undefined,
        },
      );
    } catch (error) {
      return error instanceof RetryLater
        ? error.delivery
        : { kind: 'retry', problem: problemOf(error) };
    }
  };
}

class RetryLater extends Error {
  constructor(readonly delivery: Extract<Delivery, { kind: 'retry' }>) {
    super(delivery.problem);
  }
}

function send(
  dispatcher: Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return new Promise((resolve, reject) =>
    request.call(dispatcher, options, (error, data) => (error ? reject(error) : resolve(data))),
  );
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_ANSWER_BYTES) break; // breaking out destroys the stream
  }
  return text;
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The system's or the library's code where there is one: messages may hold addresses. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.name;
}
