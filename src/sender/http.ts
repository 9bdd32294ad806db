import { createConnector, type ConnectorOptions } from './network/connector.js';
import type { HttpClient, Received, Request } from './network/http-client.js';
import type { Network } from './network/network.js';
import { nodeClient } from './network/node-client.js';

export type { Request };

/** The most that one request may take, its answer included. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** More than a collector needs to reject each report of a request for a reason. */
const MAX_ANSWER_BYTES = 128 * 1024;

/** The answer to a {@link Request}. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Whether the answer was longer than was asked for. */
  readonly isCutOff?: boolean;
  header(name: string): string | undefined;
}

/** HTTP, as sending takes it. */
export interface Http {
  /** Follows no redirect. Rejects when no answer came within the time. */
  request(request: Request): Promise<Answer>;
}

/**
 * {@link Http} by undici, which the first request loads: most senders find nothing to send. Where
 * WebAssembly cannot run, by Node's own client.
 */
export function createHttp(
  options: ConnectorOptions,
  network: Network,
): Http & { readonly close: () => Promise<void> } {
  const connector = createConnector(options, network);
  const { holdsProcess } = options;
  let client: Promise<HttpClient> | undefined;
  const useNode = (): Promise<HttpClient> =>
    (client = Promise.resolve(nodeClient(connector, holdsProcess, network)));
  const useUndici = (): Promise<HttpClient> =>
    (client = import('./network/undici-client.js').then(({ undiciClient }) =>
      undiciClient(connector, holdsProcess, network),
    ));

  async function send(request: Request, signal: AbortSignal): Promise<Received> {
    const used = await (client ?? (hasWebAssembly() ? useUndici() : useNode()));
    try {
      return await used.send(request, signal);
    } catch (error) {
      if (!isParserFault(error)) throw error;
      // Nothing was sent: undici makes its parser before it writes.
      await used.close();
      return (await useNode()).send(request, signal);
    }
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
        return await read(await send(request, abort.signal), request.maxAnswerBytes);
      } finally {
        stop?.removeEventListener('abort', cancel);
      }
    },
    async close() {
      connector.close();
      await (await client)?.close();
    },
  };
}

/** False under `--jitless`. */
const hasWebAssembly = (): boolean => 'WebAssembly' in globalThis;

/** Whether undici could not make its parser, for lack of address space or by a policy. */
const isParserFault = (error: unknown): boolean =>
  error instanceof Error &&
  !('code' in error) &&
  /^(RangeError|ReferenceError|CompileError|LinkError|RuntimeError)$/.test(error.name);

async function read(
  { status, headers, stream }: Received,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<Answer> {
  const decoder = new TextDecoder();
  let body = '';
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    body += decoder.decode(chunk, { stream: true });
    if (bytes > maxBytes) break; // breaking out destroys the stream
  }
  return {
    status,
    body,
    isCutOff: bytes > maxBytes,
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

/** The error's code, if it is a word: a message may contain addresses or paths. */
export function errorTextOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The `code` of a DOMException is a number. Its name says more: `TimeoutError`.
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
