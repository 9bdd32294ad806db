import request from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Connector } from './connector.js';
import type { HttpClient } from './http-client.js';

/** {@link HttpClient} by undici. The only part that loads undici's client. */
export function undiciClient(connector: Connector, holdsProcess: boolean): HttpClient {
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
    send({ url, method, headers, body }, signal) {
      const { origin, pathname, search } = new URL(url);
      const sent = { origin, path: `${pathname}${search}`, method, headers, signal };
      return new Promise((resolve, reject) =>
        request.call(agent, body === undefined ? sent : { ...sent, body }, (error, answer) => {
          if (error) return reject(error);
          const { statusCode: status, headers: received, body: stream } = answer;
          resolve({ status, headers: received, stream });
        }),
      );
    },
    close: () => agent.destroy(),
  };
}
