import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorCodeOf } from '../error-code.js';
import { VERSION } from '../version.js';
import { RELAYED_BY } from '../rules/relays.js';
import { writeRelayedBy } from './relayed-by.js';

/** A request to the collector. */
export interface UpstreamRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Below the collector's URL. */
  readonly path: string;
  /** The value of `Authorization`. */
  readonly authorization?: string | undefined;
  /** JSON. */
  readonly body?: string | undefined;
  /** By which relays it came to this one. */
  readonly relayedBy: readonly string[];
  readonly signal: AbortSignal;
}

/** What the collector, or something on the way, has answered. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** There was no answer. The message says why, without a URL. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(
    message: string,
    /** Whether the request may have been received: its content may be why there was no answer. */
    readonly wasSent: boolean,
  ) {
    super(message);
  }
}

/** The collector that reports are passed on to. */
export interface Upstream {
  /** @throws {@link NoAnswerError} */
  ask(request: UpstreamRequest): Promise<UpstreamAnswer>;
}

/** Verdicts about a batch have 50 kB; other answers are no collector's. */
const MAX_ANSWER_BYTES = 1024 ** 2;

/** Smaller bodies are sent as they are, in bytes. */
const COMPRESSED_FROM_BYTES = 1400;

const compress = promisify(gzip);

/**
 * Opens the way to a collector. A redirect is an answer like any other: it is not followed, since it
 * could lead reports to somebody else.
 *
 * @param url - Without a slash at its end.
 * @param withinMs - How long a whole answer may take, in milliseconds.
 * @param instance - The name of this relay among others.
 */
export function openUpstream(url: string, withinMs: number, instance: string): Upstream {
  let takesGzip = true;
  const send = async (request: UpstreamRequest, body: Buffer | undefined, isGzip: boolean) => {
    const { request: open } = url.startsWith('https:')
      ? await import('node:https')
      : await import('node:http');
    const { method, path, authorization, relayedBy } = request;
    return exchange(
      (signal, onAnswer) =>
        open(
          `${url}${path}`,
          {
            ...{ method, signal },
            headers: {
              accept: 'application/json',
              'user-agent': `headcount-relay/${VERSION}`,
              [RELAYED_BY]: writeRelayedBy(relayedBy, instance),
              ...(authorization !== undefined && { authorization }),
              ...(body !== undefined && {
                'content-type': 'application/json',
                'content-length': body.length,
              }),
              ...(isGzip && { 'content-encoding': 'gzip' }),
            },
          },
          onAnswer,
        ),
      ...([body, request.signal, withinMs] as const),
    );
  };
  return {
    ask: async (request) => {
      const plain = request.body === undefined ? undefined : Buffer.from(request.body);
      const isGzip = takesGzip && plain !== undefined && plain.length >= COMPRESSED_FROM_BYTES;
      if (!isGzip) return send(request, plain, false);
      const answer = await send(request, await compress(plain), true);
      if (answer.status !== 415) return answer;
      takesGzip = false;
      return send(request, plain, false);
    },
  };
}

type Open = (signal: AbortSignal, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;

/** Sends a request and reads the answer, both in time. */
async function exchange(
  open: Open,
  body: Buffer | undefined,
  signal: AbortSignal,
  withinMs: number,
): Promise<UpstreamAnswer> {
  const timeout = AbortSignal.timeout(withinMs);
  let wasSent = false;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = open(AbortSignal.any([signal, timeout]), resolve);
      asked.on('error', reject);
      asked.on('finish', () => (wasSent = true));
      asked.end(body);
    });
    const text = await readAnswer(answer);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: text };
  } catch (error) {
    if (timeout.aborted) {
      throw new NoAnswerError(`it did not answer within ${withinMs / 1000} s`, wasSent);
    }
    // Messages of errors can quote an address, so that the code must do.
    const code = errorCodeOf(error) ?? typeof error;
    throw new NoAnswerError(
      wasSent ? `it broke the answer off (${code})` : `it cannot be reached (${code})`,
      wasSent,
    );
  }
}

async function readAnswer(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      answer.destroy();
      return '';
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
