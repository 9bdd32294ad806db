import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { openLogTee } from '../../src/logs/log-tee.js';
import { createLogger } from '../../src/logs/logger.js';
import type { RelayParts } from '../../src/open-relay.js';
import { RELAY_TIMES } from '../../src/relay/relay-times.js';
import { loadRelayConfig } from '../../src/load-relay-config.js';
import { importBuilt } from './built.js';
import type { Answer, TestCollector } from './start-collector.js';
import { temporaryFolder } from './temporary-folder.js';

export interface TestRelay {
  readonly data: string;
  log(): string;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  delete(url: string, headers?: Record<string, string>): Promise<Answer>;
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** What `/health` says of it to this machine. */
  state(): Promise<Record<string, unknown>>;
  /** Where it listens; it does so from the first call on. */
  url(): Promise<string>;
  close(): Promise<void>;
}

/** Waits of a relay that no test waits for. */
export const QUICK = {
  ...RELAY_TIMES,
  ...{ firstRetryMs: 10, longestRetryMs: 20, suspicionMs: 5, longestSuspicionMs: 200 },
};

/** A whole relay on a folder of its own, asked without a network and closed after the test. */
export async function startRelay(
  to: string,
  { data = temporaryFolder(), ...options }: Partial<RelayParts> = {},
): Promise<TestRelay> {
  const { openRelay } = await importBuilt();
  let log = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const logTee = openLogTee(sink);
  const relay = await openRelay({
    ...loadRelayConfig(['--to', to, '--data', data], {}),
    ...{ logger: createLogger('info', logTee), logTee, times: QUICK },
    ...options,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= relay.close());
  onTestFinished(close);
  const ask = async (request: {
    method: 'GET' | 'POST' | 'DELETE';
    url: string;
    headers?: Record<string, string>;
    payload?: string | Buffer;
  }): Promise<Answer> => {
    const response = await relay.app.inject(request);
    const isJson = /\bjson\b/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson ? response.json<Record<string, unknown>>() : {},
      text: response.body,
    };
  };
  const get = (url: string, headers = {}): Promise<Answer> => ask({ method: 'GET', url, headers });
  return {
    data,
    close,
    log: () => log,
    get,
    delete: (url, headers = {}) => ask({ method: 'DELETE', url, headers }),
    post: (url, body, headers = {}) =>
      ask({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
    state: async () => (await get('/health')).body['relay'] as Record<string, unknown>,
    url: () => listen(relay),
  };
}

/** Lets a collector or a relay listen on this machine. */
export async function listen({ app }: Pick<TestCollector, 'app'>): Promise<string> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
