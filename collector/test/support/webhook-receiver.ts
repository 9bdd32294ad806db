import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { AtEnd } from './temporary-folder.js';
import { until } from './until.js';

/** A request that a receiver got. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** What a receiver does with a request: answers with a status, or as it likes. */
export type Answering =
  number | ((response: ServerResponse, request: Received) => void | Promise<void>);

export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** What is done with the next requests, one after the other; 200 once all are used. */
  readonly answers: Answering[];
  /** Waits for so many requests, and returns them. */
  get(count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

/** A webhook's server on a port of its own, until the test ends. */
export async function startReceiver(
  answers: Answering[] = [],
  { port = 0, atEnd = onTestFinished }: { port?: number; atEnd?: AtEnd } = {},
): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = JSON.parse(text) as Record<string, unknown>;
      const got = { method, path: url, headers, text, body };
      received.push(got);
      const answer = answers.shift() ?? 200;
      if (typeof answer === 'number') response.writeHead(answer).end('an answer');
      else void answer(response, got);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  atEnd(close);
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/hooks/s3cret-path`,
    received,
    answers,
    get: async (count) => {
      await until(`${count} requests have come`, () => received.length >= count);
      return received;
    },
    close,
  };
}
