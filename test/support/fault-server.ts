import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Report } from '../../src/wire/report.js';
import { type RecordedRequest, reportsIn } from './http-recorder.js';

/** What a server does with each connection. */
export type Behaviour = (connection: Socket) => void;

/** A request, and how to end it. */
export type Answer = (request: RecordedRequest) => {
  status?: number;
  body?: string;
  headers?: Record<string, string>;
};

/** A server whose behaviour can change while its port stays. */
export interface FaultServer {
  readonly address: string;
  readonly port: number;
  /** How many connections it has got. */
  readonly connections: () => number;
  /** How many connections were open at once, at most. */
  readonly mostConnections: () => number;
  /** From now on; connections that are open are cut. */
  become(behaviour: Behaviour): void;
  /** Nobody listens any more. */
  refuse(): Promise<void>;
  /** Listens again and takes everything. */
  heal(): Promise<void>;
  /** Every report that a healthy server has acknowledged, in order. */
  readonly accepted: () => Report[];
}

/** Certificate and key of a server. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** Starts a server that is gone after the test. */
export async function startFaultServer(
  behaviour?: Behaviour,
  tls?: () => Identity,
): Promise<FaultServer> {
  const taken: Report[] = [];
  const healthy = answering((request) => {
    const reports = reportsIn(request);
    taken.push(...reports);
    return { body: JSON.stringify({ accepted: reports.length, rejected: [] }) };
  });
  const open = new Set<Socket>();
  let current = behaviour ?? healthy;
  let connections = 0;
  let most = 0;
  let server: Server | undefined;
  const cut = (): void => open.forEach((socket) => void socket.destroy());
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => {
      server = createServer((socket) => {
        connections += 1;
        open.add(socket);
        most = Math.max(most, open.size);
        socket.on('error', () => undefined).on('close', () => void open.delete(socket));
        const plain = tls ? new TLSSocket(socket, { isServer: true, ...tls() }) : socket;
        plain.on('error', () => undefined);
        current(plain);
      }).listen(port, '127.0.0.1', () => resolve());
    });
  const refuse = (): Promise<void> =>
    new Promise((resolve) => {
      cut();
      if (server?.listening) server.close(() => resolve());
      else resolve();
    });
  await listen(0);
  // The cast: a server that listens on TCP.
  const { port } = (server as unknown as Server).address() as AddressInfo;
  onTestFinished(refuse);
  return {
    address: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    port,
    connections: () => connections,
    mostConnections: () => most,
    become(next) {
      cut();
      current = next;
    },
    refuse,
    async heal() {
      cut();
      current = healthy;
      if (!server?.listening) await listen(port);
    },
    accepted: () => taken,
  };
}

/** An HTTP server that answers each whole request. */
export function answering(answer: Answer): Behaviour {
  const http: HttpServer = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const bytes = Buffer.concat(chunks);
      const body = (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      const {
        status = 202,
        body: text = '',
        headers: extra,
      } = answer({ method, url, headers, body });
      response.writeHead(status, { 'content-type': 'application/json', ...extra }).end(text);
    });
  });
  return (connection) => void http.emit('connection', connection);
}

/** Takes the connection, reads, and says nothing. */
export const silent: Behaviour = (connection) => void connection.resume();

/** Answers rightly, one byte every 200 ms. */
export const byteByByte: Behaviour = (connection) => {
  const text = `HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 400\r\n\r\n`;
  let at = 0;
  const timer = setInterval(() => connection.write(text[at++] ?? ' '), 200);
  connection.resume().once('close', () => clearInterval(timer));
};

/** Cuts the connection in the middle of its answer. */
export const resetMidBody: Behaviour = (connection) => {
  connection.once('data', () => {
    connection.write('HTTP/1.1 202 Accepted\r\ncontent-length: 1000\r\n\r\n{"accep', () =>
      connection.resetAndDestroy(),
    );
  });
};

/** Cuts the connection at once. */
export const resetAtOnce: Behaviour = (connection) => void connection.resetAndDestroy();

/** Says what is not HTTP. */
export const garbage: Behaviour = (connection) => {
  connection.resume().end(Buffer.from('\0\x16\x03\x01 220 smtp ready\r\n\r\n\xff\xfe', 'latin1'));
};

/** A failure whose text has 100 MB. */
export const hugeAnswer: Behaviour = (connection) => {
  const size = 100 * 1024 * 1024;
  const block = Buffer.alloc(256 * 1024, 'x');
  let sent = 0;
  const more = (): void => {
    while (sent < size) {
      sent += block.length;
      if (!connection.write(block)) return;
    }
    connection.end();
  };
  connection.on('drain', more).once('data', () => {
    connection.write(`HTTP/1.1 500 Oops\r\ncontent-length: ${size}\r\n\r\n`);
    more();
  });
};
