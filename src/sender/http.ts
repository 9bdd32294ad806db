import type { ConnectionOptions, Connections } from './connections.js';

/** The most that one request may take, its answer included. */
export const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** A request. */
export interface Request {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /**
   * A longer answer is cut off.
   *
   * @default 64 KiB
   */
  readonly maxAnswerBytes?: number;
  /** @default {@link REQUEST_TIMEOUT_MS} */
  readonly timeoutMs?: number;
  /** Cancels the request. */
  readonly stop?: AbortSignal;
}

/** The answer to a {@link Request}. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  header(name: string): string | undefined;
}

/** HTTP, as sending takes it. */
export interface Http {
  /** Follows no redirect. Rejects when no answer came within the time. */
  request(request: Request): Promise<Answer>;
}

/** {@link Http} by undici, which the first request loads: most senders find nothing to send. */
export function createHttp(
  optionsFor: (url: string) => ConnectionOptions,
): Http & { readonly close: () => Promise<void> } {
  const opened = new Map<string, Promise<Connections>>();
  function open(url: string): Promise<Connections> {
    const { origin } = new URL(url);
    const connections =
      opened.get(origin) ??
      import('./connections.js').then(({ openConnections }) => openConnections(optionsFor(url)));
    opened.set(origin, connections);
    return connections;
  }
  return {
    async request(request) {
      const { timeoutMs = REQUEST_TIMEOUT_MS, stop } = request;
      const abort = new AbortController();
      // Not AbortSignal.any(): a signal that lives as long as the sender would collect them.
      const cancel = (): void => abort.abort(stop?.reason);
      const late = AbortSignal.timeout(timeoutMs);
      late.addEventListener('abort', () => abort.abort(late.reason));
      if (stop?.aborted) cancel();
      stop?.addEventListener('abort', cancel);
      try {
        return await answerTo(request, await open(request.url), abort.signal);
      } finally {
        stop?.removeEventListener('abort', cancel);
      }
    },
    async close() {
      for (const connections of opened.values()) await (await connections).close();
    },
  };
}

async function answerTo(
  { url, maxAnswerBytes = MAX_ANSWER_BYTES, method, headers, body }: Request,
  connections: Connections,
  signal: AbortSignal,
): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  const response = await connections.send({
    origin,
    path: `${pathname}${search}`,
    method,
    headers,
    ...(body !== undefined && { body }),
    signal,
  });
  let text = '';
  for await (const chunk of response.body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > maxAnswerBytes) break; // breaking out destroys the stream
  }
  return {
    status: response.statusCode,
    body: text,
    header(name) {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

/** The error's code, if it has one: a message may contain addresses or paths. */
export function errorTextOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.name;
}
