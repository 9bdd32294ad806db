import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ownOnly } from '../own-only.js';
import type { Report } from '../wire/report.js';
import { type HttpAnswer, json, problem, type TestAnswer } from './answers.js';
import { MAX_BODY_BYTES, readReports, textOfBody } from './read-reports.js';

/** One request as it arrived. */
export interface TestRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values as they were sent, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body as text, unpacked. */
  readonly body: string;
  /** The status of the answer; `undefined` while there is none. */
  readonly status: number | undefined;
}

/** A collector's HTTP server for tests, which keeps everything in memory. */
export interface ReportServer {
  readonly port: number;
  readonly requests: readonly TestRequest[];
  /** The reports that were accepted, each once. */
  readonly reports: readonly Report[];
  /** How many connections were opened. */
  readonly connections: () => number;
  readonly setAnswer: (answer: TestAnswer, times?: number) => Promise<void>;
  /** Ends requests that hang, and forgets all that came. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly isClosed: () => boolean;
  /** Calls back whenever something comes. Returns what ends that. */
  readonly onChange: (callback: () => void) => () => void;
}

/**
 * Starts a {@link ReportServer} on a free port of the loopback. It keeps no process alive: a test that
 * fails before its `close()` must not hang.
 */
export async function startReportServer(): Promise<ReportServer> {
  const requests: { -readonly [Key in keyof TestRequest]: TestRequest[Key] }[] = [];
  const reports: Report[] = [];
  const ids = new Set<string>();
  const sockets = new Set<Socket>();
  const hanging = new Set<ServerResponse>();
  const callbacks = new Set<() => void>();
  let connections = 0;
  let answer: TestAnswer = 'accept';
  let left = Infinity;
  let isClosed = false;
  const changed = (): void => callbacks.forEach((callback) => callback());

  function nextAnswer(): TestAnswer {
    const given = answer;
    left -= 1;
    if (left <= 0) {
      answer = 'accept';
      left = Infinity;
    }
    return given;
  }

  function answerTo(request: IncomingMessage, text: string | 413 | 400): HttpAnswer | 'hang' {
    const { method, url = '', headers } = request;
    if (method === 'GET' && url === '/health') return json(200, { status: 'ok' });
    if (method !== 'POST') return problem(404);
    const now = nextAnswer();
    if (now === 'hang') return 'hang';
    if (typeof now === 'object') {
      const { status, retryAfterS } = ownOnly(now);
      return problem(status, retryAfterS);
    }
    if (typeof text === 'number') return problem(text);
    if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return problem(415);
    const read = readReports(text);
    if (typeof read === 'number') return problem(read);
    for (const report of read.reports) {
      const id = report.report_id;
      if (typeof id === 'string' && ids.has(id)) continue; // counted once
      ids.add(id);
      reports.push(report);
    }
    const { rejected } = read;
    const accepted = read.reports.length;
    if (accepted === 0) return problem(422);
    const isBatch = (url.split('?', 1)[0] ?? '').endsWith('/v1/reports');
    return isBatch ? json(202, { accepted, rejected }) : json(200, { status: 'success' });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bodyOf(request);
    const text = textOfBody(bytes, request.headers['content-encoding']);
    const pairs = Array.from({ length: request.rawHeaders.length / 2 }, (_, at) => {
      return [request.rawHeaders[2 * at] ?? '', request.rawHeaders[2 * at + 1] ?? ''] as const;
    });
    const { method = '', url: path = '' } = request;
    const body = typeof text === 'string' ? text : '';
    const noted: (typeof requests)[number] = {
      method,
      path,
      headers: pairs,
      body,
      status: undefined,
    };
    const given = answerTo(request, text);
    requests.push(noted);
    if (given === 'hang') {
      hanging.add(response);
      response.once('close', () => hanging.delete(response));
    } else {
      noted.status = given.status;
      response.writeHead(given.status, given.headers).end(given.body);
    }
    changed();
  }

  const server = createServer((request, response) => {
    // A client that goes away in the middle of its request has sent nothing.
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.unref());
    socket.once('close', () => sockets.delete(socket));
    changed();
  });
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  // Not those that wait for a next request: their client might be about to send it.
  const letGo = (): void => hanging.forEach((response) => response.destroy());
  await listen(server, 0);
  const { port } = server.address() as AddressInfo; // the cast: it listens on a port

  return {
    port,
    requests,
    reports,
    connections: () => connections,
    async setAnswer(given, times = Infinity) {
      answer = given;
      left = times;
      letGo();
      if (given === 'refuse') {
        cut();
        await closed(server);
      } else if (!server.listening) await listen(server, port);
    },
    async reset() {
      letGo();
      requests.length = 0;
      reports.length = 0;
      ids.clear();
      connections = 0;
      answer = 'accept';
      left = Infinity;
      if (!server.listening) await listen(server, port);
    },
    isClosed: () => isClosed,
    async close() {
      isClosed = true;
      cut();
      await closed(server);
    },
    onChange(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      server.unref(); // not before: who waits for this has nothing else that keeps it alive
      resolve();
    });
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve()); // also if it is closed already
  });

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // One byte more than allowed tells that it is too large.
    if (bytes <= MAX_BODY_BYTES + chunk.length) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
