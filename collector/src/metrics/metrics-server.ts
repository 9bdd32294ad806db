import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { TokenCheck } from '../access/token-check.js';
import { levelFor } from '../access/caller.js';
import { createProxyTrust, readAddress } from '../access/client-address.js';
import { isLoopback } from '../access/client-keys.js';
import { atLeast } from '../access/level.js';
import { isDirect } from '../access/is-direct.js';
import { isForwarded } from '../access/is-forwarded.js';
import { createRateLimiter } from '../access/rate-limiter.js';
import { bearerToken } from '../access/secret.js';
import { closeWhenSilent } from '../network/close-when-silent.js';
import { formatFor } from './metrics-route.js';
import type { Metrics } from './metrics.js';

export interface MetricsServerParts {
  readonly metrics: Metrics;
  readonly tokens: Pick<TokenCheck, 'find'>;
  /** Addresses and networks that need no token. */
  readonly networks: readonly string[];
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
}

/** Connections at most: Prometheus keeps one, and an attacker must not take all files. */
const MAX_CONNECTIONS = 32;

/** How long a connection may be idle, in milliseconds: longer than Prometheus's usual interval. */
const KEEP_ALIVE_MS = 75_000;

/** Requests with a token that is not valid that an address may send in a minute. */
const BAD_TOKENS_PER_MINUTE = 60;

/** The server that has the metrics and nothing else. It does not listen yet. */
export function createMetricsServer(parts: MetricsServerParts): Server {
  const judge = createJudge(parts);
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, reply) => {
      void answer(request, reply, parts.metrics, judge);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  closeWhenSilent(server);
  return server;
}

async function answer(
  request: IncomingMessage,
  reply: ServerResponse,
  metrics: Metrics,
  judge: Judge,
): Promise<void> {
  const { method = '', url = '/', headers } = request;
  const refuse = (status: number, text: string, more: Record<string, string> = {}): void => {
    reply.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...more });
    reply.end(`${text}\n`);
  };
  request.resume();
  const verdict = judge(request);
  if (verdict !== undefined) {
    return refuse(verdict.status, verdict.text, { 'www-authenticate': 'Bearer' });
  }
  if (url.split('?', 1)[0] !== '/metrics') return refuse(404, 'Here is GET /metrics alone.');
  if (method !== 'GET' && method !== 'HEAD') {
    return refuse(405, 'Send GET.', { allow: 'GET, HEAD' });
  }
  try {
    const { text, contentType } = await metrics.write(formatFor(headers.accept));
    reply.writeHead(200, {
      ...{ 'content-type': contentType, 'cache-control': 'no-store', vary: 'accept' },
      'content-length': Buffer.byteLength(text),
    });
    reply.end(method === 'HEAD' ? undefined : text);
  } catch {
    // The cause is in /health and in the log.
    refuse(503, 'The figures cannot be gathered now. GET /health says more.');
  }
}

/** Why a request is refused; `undefined` if it is answered. */
type Judge = (request: IncomingMessage) => { status: number; text: string } | undefined;

/**
 * Programs on this machine and in the named networks need no token. A request that a proxy passed on
 * is a stranger's, and so is one by another name of this machine: a page can give its own name the
 * address of the machine that it is read on.
 */
function createJudge({ tokens, networks, monotonicMs }: MetricsServerParts): Judge {
  const isNamed = createProxyTrust(networks);
  const badTokens = createRateLimiter(
    { name: 'tokens', quota: BAD_TOKENS_PER_MINUTE, windowSeconds: 60 },
    monotonicMs,
  );
  const isFree = (address: string | undefined, request: IncomingMessage): boolean => {
    if (address === undefined || isForwarded(request.headers)) return false;
    if (isLoopback(address)) return isDirect(request);
    return networks.length > 0 && isNamed(address);
  };
  return (request) => {
    const address = readAddress(request.socket.remoteAddress ?? '');
    const token = bearerToken(request.headers);
    if (token === undefined) {
      if (request.headers.authorization === undefined && isFree(address, request)) return undefined;
      return { status: 401, text: NEEDED };
    }
    const caller = tokens.find(token);
    if (caller !== undefined) {
      return atLeast(levelFor(caller, null), 'developer')
        ? undefined
        : { status: 403, text: NEEDED };
    }
    const { isAllowed } = badTokens.take(address ?? '');
    return isAllowed
      ? { status: 401, text: `The token is not valid. ${NEEDED}` }
      : { status: 429, text: 'Too many tokens that are not valid. Wait a minute.' };
  };
}

const NEEDED =
  'Send a token of the level developer or above, for all projects, as Authorization: Bearer; or ' +
  'name the address of what scrapes with --metrics-networks.';
