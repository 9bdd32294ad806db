import type { Socket } from 'node:net';
import { wireHeaders } from '../wire-headers.js';
import type { Connector } from './connector.js';
import type { HttpClient, Received, Request } from './http-client.js';
import { asError, type Network } from './network.js';

/**
 * {@link HttpClient} by Node's own client, where WebAssembly, which undici needs, cannot run. Sends
 * the same bytes, and each request over a new connection.
 */
export function nodeClient(
  connector: Connector,
  holdsProcess: boolean,
  network: Pick<Network, 'request'>,
): HttpClient {
  function sendOver(socket: Socket, sent: Request, url: URL): Promise<Received> {
    return new Promise((resolve, reject) => {
      const request = network.request(socket, {
        method: sent.method,
        path: `${url.pathname}${url.search}`,
        headers: wireHeaders(sent, holdsProcess).flat(),
      });
      request.once('error', reject);
      request.once('response', (answer) => {
        answer.once('close', () => socket.destroy());
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, stream: answer });
      });
      request.end(sent.body);
    });
  }

  return {
    send: (sent, signal) =>
      new Promise((resolve, reject) => {
        const url = new URL(sent.url);
        let socket: Socket | undefined;
        const abort = (): void => {
          const reason = asError(signal.reason);
          socket?.destroy(reason);
          reject(reason);
        };
        signal.addEventListener('abort', abort);
        if (signal.aborted) abort();
        connector
          .connect(url)
          .then((connected) => {
            socket = connected;
            if (signal.aborted) return abort();
            return sendOver(socket, sent, url).then(resolve);
          })
          .catch(reject);
      }),
    close: () => Promise.resolve(),
  };
}
