import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';

/** A whole request, its answer included. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** A request. */
export interface Request {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** What is longer is cut off. */
  readonly maxAnswerBytes: number;
  /** @default {@link REQUEST_TIMEOUT_MS} */
  readonly timeoutMs?: number;
  /** Gives it up once it is aborted. */
  readonly stop?: AbortSignal;
}

/** What was answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  header(name: string): string | undefined;
}

/** One request and its answer, within the time. Follows no redirect. */
export async function exchange(dispatcher: Dispatcher, options: Request): Promise<Answer> {
  const { timeoutMs = REQUEST_TIMEOUT_MS, stop } = options;
  const abort = new AbortController();
  // Not AbortSignal.any(): a signal that lives as long as the sender would collect them.
  const giveUp = (): void => abort.abort(stop?.reason);
  const late = AbortSignal.timeout(timeoutMs);
  late.addEventListener('abort', () => abort.abort(late.reason));
  if (stop?.aborted) giveUp();
  stop?.addEventListener('abort', giveUp);
  try {
    return await exchanged(dispatcher, options, abort.signal);
  } finally {
    stop?.removeEventListener('abort', giveUp);
  }
}

async function exchanged(
  dispatcher: Dispatcher,
  { url, maxAnswerBytes, method, headers, body }: Request,
  signal: AbortSignal,
): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  const response = await send(dispatcher, {
    origin,
    path: `${pathname}${search}`,
    method,
    headers,
    ...(body !== undefined && { body }),
    signal,
  });
  return {
    status: response.statusCode,
    body: await readBounded(response.body, maxAnswerBytes),
    header(name) {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

function send(
  dispatcher: Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return new Promise((resolve, reject) =>
    request.call(dispatcher, options, (error, data) => (error ? reject(error) : resolve(data))),
  );
}

async function readBounded(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
): Promise<string> {
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > maxBytes) break; // breaking out destroys the stream
  }
  return text;
}

/** The system's or the library's code where there is one: messages may hold addresses. */
export function errorTextOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.name;
}
