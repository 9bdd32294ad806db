import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Connector } from './connector.js';
import type { HttpClient } from './http-client.js';
import { asError, type Network } from './network.js';

/** {@link HttpClient} by undici. The only part that loads undici's client. */
export function undiciClient(
  connector: Connector,
  holdsProcess: boolean,
  network: Pick<Network, 'readable'>,
): HttpClient {
  const agent = new Agent({
    connect({ protocol, host = '' }, callback) {
      connector
        .connect(new URL(`${protocol}//${host}`))
        .then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        )
        .catch(() => agent.destroy()); // undici has thrown: its requests are rejected
    },
    // undici refs a socket when it reuses it, so no socket is reused in the host's thread.
    ...(holdsProcess ? { keepAliveTimeout: 1_000 } : { pipelining: 0 }),
  });
  return {
    send: ({ url, method, headers, body }, signal) =>
      new Promise((resolve, reject) => {
        const { origin, pathname, search } = new URL(url);
        let controller: Dispatcher.DispatchController | undefined;
        let stream: Readable | undefined;
        const fail = (error: Error): void => {
          reject(error);
          stream?.destroy(error);
        };
        const abort = (): void => {
          const reason = asError(signal.reason);
          fail(reason);
          controller?.abort(reason);
        };
        signal.addEventListener('abort', abort);
        if (signal.aborted) return abort();
        agent.dispatch(
          { origin, path: `${pathname}${search}`, method, headers, body: body ?? null },
          {
            onRequestStart(started) {
              controller = started;
              if (signal.aborted) abort();
            },
            onResponseStart(answering, status, received) {
              if (status < 200) return; // the answer is yet to come
              stream = answerStream(answering, network);
              resolve({ status, headers: received, stream });
            },
            onResponseData(answering, chunk) {
              if (stream?.push(chunk) === false) answering.pause();
            },
            onResponseEnd: () => void stream?.push(null),
            onResponseError: (_, error) => fail(error),
          },
        );
      }),
    close: () => agent.destroy(),
  };
}

/** The body of an answer. To destroy it before its end closes the connection. */
function answerStream(
  controller: Dispatcher.DispatchController,
  { readable }: Pick<Network, 'readable'>,
): Readable {
  const stream = readable({
    read: () => controller.resume(),
    destroy(error, done) {
      controller.abort(error ?? new Error('not read to its end'));
      done(error);
    },
  });
  return stream.on('error', () => undefined); // it may fail before it is read
}
