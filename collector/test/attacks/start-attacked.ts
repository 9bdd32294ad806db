import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport, reportId } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What a collector answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A collector behind a proxy, as it stands on the internet, and those who reach it. */
export interface Attacked {
  readonly process: CollectorProcess;
  readonly url: string;
  readonly data: string;
  /** Sends a request from a client’s address, through the proxy. */
  readonly send: (from: string, path: string, sent?: Sent) => Promise<Answer>;
  /** Reports from a client’s address. */
  readonly report: (from: string, body: unknown) => Promise<Answer>;
  /** Asks as the administrator. @returns The answer’s JSON. */
  readonly look: (path: string) => Promise<Record<string, unknown>>;
}

/** Starts a collector with a proxy on this machine in front, and nothing else that is set. */
export async function startAttacked(
  flags: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Attacked> {
  const data = temporaryFolder();
  const process = await startProcess(
    ['--port', '0', '--log-level', 'error', '--no-announce', '--data', data].concat(
      ['--trusted-proxies', '127.0.0.1,::1'],
      flags,
    ),
    env,
  );
  const url = await process.url();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const send: Attacked['send'] = (from, path, { method, body, headers } = {}) => {
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return exchange(`${url}${path}`, bytes, agent, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        'x-forwarded-for': from,
        ...headers,
      },
    });
  };
  return {
    ...{ process, url, data, send },
    report: (from, body) => send(from, '/v1/reports', { body }),
    look: async (path) => {
      const { text } = await send('192.0.2.250', path, { headers: withToken() });
      return JSON.parse(text) as Record<string, unknown>;
    },
  };
}

function exchange(
  url: string,
  body: string | Buffer | undefined,
  agent: Agent,
  { method, headers }: { method: string; headers: Record<string, string> },
): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sending = request(url, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          ms: performance.now() - startedAt,
        }),
      );
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

let people = 0;

/** A report of somebody who was never seen before, made now. */
export function newPerson(
  changes: { project?: string; version?: string; lost_total?: number } = {},
) {
  const { version, ...rest } = changes;
  const report = fullReport({
    anonymous_id: (++people).toString(16).padStart(16, '0'),
    report_id: reportId(Date.now()),
    timestamp: new Date().toISOString(),
    ...rest,
  });
  return version === undefined ? report : { ...report, info: { ...report.info, version } };
}

/** A batch as clients send it. */
export const batchOf = (reports: readonly object[]) => ({
  sent_at: new Date().toISOString(),
  reports,
});

/** So many of something. */
export const times = <Value>(n: number, make: (at: number) => Value): Value[] =>
  Array.from({ length: n }, (_, at) => make(at));
