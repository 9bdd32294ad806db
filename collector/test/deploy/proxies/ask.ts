import { type Agent, type RequestOptions, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { SITE } from './start-proxy.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Question {
  readonly port: number;
  readonly ca: string;
  readonly path: string;
  /** The client's own address, one of the loopback's. */
  readonly from?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  /** Called with each piece of the answer as it comes. The answer is over once it returns true. */
  readonly onPiece?: (piece: string) => boolean;
}

/** Asks through a proxy, over TLS, as a client with an address of its own. */
export function ask(question: Question): Promise<Answer> {
  const { port, ca, path, from = '127.0.0.2', headers, body, agent, onPiece } = question;
  const isIpv6 = from.includes(':');
  const options: RequestOptions = {
    ...{ host: isIpv6 ? '::1' : '127.0.0.1', port, path, ca, servername: SITE },
    ...(isIpv6 ? {} : { localAddress: from }),
    method: question.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { host: `${SITE}:${port}`, ...headers },
    agent: agent ?? false,
    timeout: 30_000,
  };
  return new Promise((resolve, reject) => {
    const asking = request(options, (response) => {
      const { statusCode: status = 0, headers } = response;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        if (onPiece?.(piece) !== true) return;
        resolve({ status, headers, text });
        asking.destroy();
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status, headers, text }));
    });
    asking.on('timeout', () => asking.destroy(new Error(`Waited in vain for ${path}.`)));
    asking.on('error', reject);
    asking.end(body);
  });
}
