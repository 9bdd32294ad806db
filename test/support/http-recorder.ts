import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Report } from '../../src/wire/report.js';

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A real HTTP server on the loopback that notes what it gets. */
export interface HttpRecorder {
  readonly address: string;
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  /** Every report in the requests, in their order. */
  reports(): Report[];
  close(): Promise<void>;
}

/** How a recorder answers: status, body, headers. */
export type Answer = (request: RecordedRequest, count: number) => Answered | Promise<Answered>;

/** What a recorder says. */
export interface Answered {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** The reports of a request, one or many. */
export function reportsIn({ body }: Pick<RecordedRequest, 'body'>): Report[] {
  const json = JSON.parse(body) as Report | { reports: Report[] };
  return 'reports' in json ? json.reports : [json];
}

/** Starts a {@link HttpRecorder} for one test, and closes it after the test. */
export async function startRecorder(answer?: Answer, port?: number): Promise<HttpRecorder> {
  const recorder = await startHttpRecorder(answer, port);
  onTestFinished(() => recorder.close());
  return recorder;
}

/** Starts a {@link HttpRecorder}; by default it accepts everything. */
export async function startHttpRecorder(
  answer: Answer = () => ({}),
  port = 0,
): Promise<HttpRecorder> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const bytes = Buffer.concat(chunks);
      const isZipped = headers['content-encoding'] === 'gzip';
      const body = (isZipped ? gunzipSync(bytes) : bytes).toString('utf8');
      const recorded = { method, url, headers, body };
      requests.push(recorded);
      void Promise.resolve(answer(recorded, requests.length)).then(
        ({ status = 202, body: text = '{"accepted":1,"rejected":[]}', headers: extra }) =>
          response.writeHead(status, { 'content-type': 'application/json', ...extra }).end(text),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: actual } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${actual}`,
    port: actual,
    requests,
    reports: () => requests.filter(({ method }) => method === 'POST').flatMap(reportsIn),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
