import { wireHeaders } from '../wire-headers.js';
import type { Connector } from './connector.js';
import type { HttpClient } from './http-client.js';
import type { Network } from './network.js';

/**
 * {@link HttpClient} by Node's own client, where WebAssembly, which undici needs, cannot run. Sends
 * the same bytes, and each request over a new connection.
 */
export function nodeClient(
  connector: Connector,
  holdsProcess: boolean,
  network: Pick<Network, 'request'>,
): HttpClient {
  return {
    async send(sent, signal) {
      const url = new URL(sent.url);
      const socket = await connector.connect(url);
      return new Promise((resolve, reject) => {
        const request = network.request(socket, {
          method: sent.method,
          path: `${url.pathname}${url.search}`,
          headers: wireHeaders(sent, holdsProcess).flat(),
        });
        const abort = (): void => void socket.destroy(asError(signal.reason));
        signal.addEventListener('abort', abort);
        if (signal.aborted) abort();
        socket.once('close', () => signal.removeEventListener('abort', abort));
        request.once('error', reject);
        request.once('response', (answer) => {
          answer.once('close', () => socket.destroy());
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, stream: answer });
        });
        request.end(sent.body);
      });
    },
    close: () => Promise.resolve(),
  };
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('aborted', { cause: reason });
