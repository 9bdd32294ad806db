import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A request. */
export interface Request {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /**
   * A longer answer is cut off.
   *
   * @default 128 KiB
   */
  readonly maxAnswerBytes?: number;
  /** @default 10 s, its answer included */
  readonly timeoutMs?: number;
  /** Cancels the request. */
  readonly stop?: AbortSignal;
}

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
