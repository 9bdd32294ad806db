import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import type { Collector } from '../../src/collector.js';
import { openLogTee } from '../../src/logs/log-tee.js';
import { createLogger } from '../../src/logs/logger.js';
import { ADMIN_TOKEN, withToken } from './admin-token.js';
import { importBuilt } from './built.js';
import { type AtEnd, temporaryFolder } from './temporary-folder.js';

/** The moment at which a collector under test believes to be. */
export const NOW = new Date('2026-11-22T21:00:00.000Z');

/** What `app.inject()` answers, as far as tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface TestCollector extends Collector {
  readonly data: string;
  /** All that was logged so far. */
  log(): string;
  /** Asks with the administrator's token where an answer depends on the level. */
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  /** Asks without a token, as the public does. */
  stranger(url: string, headers?: Record<string, string>): Promise<Answer>;
  delete(url: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a value as JSON; text and bytes are posted as they are. */
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** A whole collector on a folder of its own, asked without a network and closed after the test. */
export async function startCollector(
  options: Partial<CollectorOptions> = {},
  atEnd: AtEnd = onTestFinished,
): Promise<TestCollector> {
  const { openCollector } = await importBuilt();
  let log = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const data = options.data ?? temporaryFolder(atEnd);
  const now = options.now ?? (() => NOW);
  const logTee = openLogTee(sink);
  const collector = await openCollector({
    logger: createLogger('trace', logTee, now),
    logTee,
    now,
    // Tests set their clocks as they like.
    maxClockJumpMs: Infinity,
    adminToken: ADMIN_TOKEN,
    ...options,
    data,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= collector.close());
  atEnd(close);

  const ask = async (request: {
    method: 'GET' | 'POST' | 'DELETE';
    url: string;
    headers?: Record<string, string>;
    payload?: string | Buffer;
  }): Promise<Answer> => {
    const response = await collector.app.inject(request);
    const isJson = /\bjson\b/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson ? response.json<Record<string, unknown>>() : {},
      text: response.body,
    };
  };

  return {
    ...collector,
    data,
    close,
    log: () => log,
    get: (url, headers = {}) => {
      const token = 'adminToken' in options ? options.adminToken : ADMIN_TOKEN;
      const isByLevel = /^\/(v1\/stats|stats|health)\b/.test(url) && token !== undefined;
      return ask({
        method: 'GET',
        url,
        headers: { ...(isByLevel && withToken(token)), ...headers },
      });
    },
    stranger: (url, headers = {}) => ask({ method: 'GET', url, headers }),
    delete: (url, headers = {}) => ask({ method: 'DELETE', url, headers }),
    post: (url, body, headers = {}) =>
      ask({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
  };
}
