import type { LookupFunction } from 'node:net';
import pRetry, { AbortError } from 'p-retry';
import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import { isLoopback } from '../project/endpoint.js';
import { type Delivery, readResponse } from './response.js';

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** How a request goes out. */
export interface PostOptions {
  readonly url: string;
  readonly userAgent: string;
  readonly retries: number;
  /** Name resolution for a thread of the host; a process of its own uses the system's. */
  readonly lookup: LookupFunction | undefined;
}

/** Posts bodies to one endpoint. */
export interface Post {
  (body: string, reports: number): Promise<Delivery>;
  close(): Promise<void>;
}

/**
 * Posts over undici, through the proxies of the environment (never to a collector on the same
 * machine), repeating what may work by p-retry. Never rejects: what goes wrong is a
 * {@link Delivery} too.
 */
export function createPost({ url, userAgent, retries, lookup }: PostOptions): Post {
  const dispatcher = createDispatcher(url, lookup);
  const { origin, pathname, search } = new URL(url);

  async function attempt(body: string, reports: number): Promise<Delivery> {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await new Promise<Dispatcher.ResponseData>((resolve, reject) =>
      request.call(
        dispatcher,
        {
          origin,
          path: `${pathname}${search}`,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': userAgent },
          body,
          signal,
        },
        (error, data) => (error ? reject(error) : resolve(data)),
      ),
    );
    return readResponse(response.statusCode, await readBounded(response.body), reports);
  }

  const post = async (body: string, reports: number): Promise<Delivery> => {
    try {
      return await pRetry(
        async () => {
          const delivery = await attempt(body, reports);
          if (delivery.kind === 'retry') throw new RetryLater(delivery.problem);
          return delivery;
        },
        { retries, minTimeout: 250, maxTimeout: 4_000, randomize: true, unref: true },
      );
    } catch (error) {
      return { kind: 'retry', problem: problemOf(error) };
    }
  };
  return Object.assign(post, { close: () => dispatcher.destroy() });
}

class RetryLater extends Error {}

function createDispatcher(url: string, lookup: LookupFunction | undefined): Dispatcher {
  const connect = { timeout: CONNECT_TIMEOUT_MS, ...(lookup && { lookup }) };
  if (isLoopback(new URL(url))) return new Agent({ connect });
  try {
    return new EnvHttpProxyAgent({ connect, ...(lookup && { proxyTls: { lookup } }) });
  } catch {
    return new Agent({ connect }); // HTTPS_PROXY is no address
  }
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_ANSWER_BYTES) break; // breaking out destroys the stream
  }
  return text;
}

function problemOf(error: unknown): string {
  if (error instanceof AbortError) return error.originalError.message;
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
