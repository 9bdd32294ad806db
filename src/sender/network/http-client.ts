import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Request } from '../http.js';

/** The head of an answer, and its body as a stream. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly stream: Readable;
}

/** Sends requests over the connections of a `Connector`. */
export interface HttpClient {
  /** Resolves with the head of the answer. Rejects when the signal is aborted. */
  send(request: Request, signal: AbortSignal): Promise<Received>;
  close(): Promise<void>;
}
