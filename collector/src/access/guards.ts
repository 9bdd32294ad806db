import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { AccessConfig } from '../config.js';
import { ProblemError } from '../errors.js';
import { createClientKeys, isLoopback } from './client-keys.js';
import { createRateLimiter, type RateLimiter } from './rate-limiter.js';
import { bearerToken, hashSecret, isSecret } from './secret.js';

/** How often a client may ask for, or delete, what is kept of an ID, each minute. */
const USERS_PER_MINUTE = 60;

/** How often a client may ask as the administrator, each minute. */
const ADMIN_PER_MINUTE = 300;

type Limits = Omit<AccessConfig, 'projects' | 'maxProjects'>;

/** Who may do what how often, for each kind of request. */
export interface AllGuards {
  readonly reports: Guards;
  readonly stats: Guards;
  readonly users: Guards;
  readonly admin: Guards;
  /** For what the operator may see: the administrator, or whoever is at this machine. */
  readonly operator: Guards;
  /** What a client from elsewhere is counted under; `undefined` for this machine. */
  readonly clientOf: KeyOf;
}

/**
 * Creates the guards. They keep their counts in memory, under hashes.
 *
 * @param nowMs - A clock that never goes back.
 */
export function createGuards(config: Limits, logger: Logger, nowMs: () => number): AllGuards {
  const keyOfAddress = createClientKeys(nowMs);
  const limit = (name: string, requests: number, keyOf: KeyOf): Guards => {
    if (requests === 0) return [];
    const limiter = createRateLimiter({ name, requests, windowSeconds: 60 }, nowMs);
    return [limitRequests(limiter, keyOf)];
  };
  // This machine's own address is that of a proxy, or of whoever runs the collector.
  const clientOf: KeyOf = (request) => {
    const address = addressOf(request);
    return isLoopback(address) ? undefined : keyOfAddress(address);
  };
  return {
    reports: [
      warnOfProxy(config, logger),
      ...limit('address', config.rateLimit, clientOf),
      ...limit('key', config.keyRateLimit, ({ headers }) => {
        const key = bearerToken(headers);
        return key === undefined ? undefined : hashSecret(key).toString('base64');
      }),
    ],
    stats: limit('stats', config.statsRateLimit, clientOf),
    users: limit('users', USERS_PER_MINUTE, (request) => keyOfAddress(addressOf(request))),
    admin: [
      ...limit('admin', ADMIN_PER_MINUTE, (request) => keyOfAddress(addressOf(request))),
      requireAdmin(config.adminToken),
    ],
    operator: [...limit('operator', config.statsRateLimit, clientOf), requireOperator(config)],
    clientOf,
  };
}

/** A client that is gone already has no address any more, whatever the type says. */
function addressOf(request: FastifyRequest): string {
  const ip: string | undefined = request.ip;
  return ip ?? '';
}

/** What proxies add to the requests that they pass on. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * Lets the administrator pass; where there is none, those who ask from this machine, and not
 * through a proxy on it.
 */
function requireOperator({ adminToken, trustedProxies }: Limits): Guards[number] {
  const asAdmin = requireAdmin(adminToken);
  return async (request, reply) => {
    const isDirect =
      trustedProxies.length === 0 &&
      isLoopback(addressOf(request)) &&
      FORWARDED.every((name) => request.headers[name] === undefined);
    if (adminToken !== undefined || !isDirect) await asAdmin(request, reply);
  };
}

/** Behind a proxy that nobody has named, all clients share one limit: say so, once. */
function warnOfProxy({ trustedProxies, rateLimit }: Limits, logger: Logger): Guards[number] {
  let warned = trustedProxies.length > 0 || rateLimit === 0;
  return ({ headers }: FastifyRequest) => {
    if (!warned && headers['x-forwarded-for'] !== undefined) {
      warned = true;
      logger.warn(
        'requests come through a proxy that HEADCOUNT_TRUSTED_PROXIES does not name: its clients are limited as one',
      );
    }
    return Promise.resolve();
  };
}

/** What may refuse a request before its body is read, in this order. */
export type Guards = ((request: FastifyRequest, reply: FastifyReply) => Promise<void>)[];

/** What a request is counted under, or `undefined` where it is not limited. */
export type KeyOf = (request: FastifyRequest) => string | undefined;

type OnRequest = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Refuses requests beyond a limit with 429 and tells every client what is left, in the header
 * fields of draft-ietf-httpapi-ratelimit-headers, revisions 8 to 11.
 */
function limitRequests(limiter: RateLimiter, keyOf: KeyOf): OnRequest {
  const { name, requests, windowSeconds } = limiter.limit;
  return async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const { isAllowed, remaining, resetMs, retryAfterMs } = limiter.take(key);
    append(reply, 'ratelimit-policy', `"${name}";q=${requests};w=${windowSeconds}`);
    append(reply, 'ratelimit', `"${name}";r=${remaining};t=${toSeconds(resetMs)}`);
    if (isAllowed) return;
    reply.header('retry-after', String(Math.max(1, toSeconds(retryAfterMs))));
    throw new ProblemError(
      'rate_limited',
      `At most ${requests} requests in ${windowSeconds} seconds; see Retry-After.`,
    );
  };
}

function append(reply: FastifyReply, name: string, item: string): void {
  const before = reply.getHeader(name);
  reply.header(name, before === undefined ? item : `${String(before)}, ${item}`);
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

/**
 * Lets the administrator pass and nobody else.
 *
 * @param adminToken - Without one, nobody is the administrator.
 */
function requireAdmin(adminToken: string | undefined) {
  const hash = adminToken === undefined ? undefined : hashSecret(adminToken);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (hash === undefined) {
      throw new ProblemError(
        'admin_off',
        'Set HEADCOUNT_ADMIN_TOKEN where the collector starts, to turn the administration on.',
      );
    }
    const token = bearerToken(request.headers);
    if (token !== undefined && isSecret(token, hash)) return;
    reply.header('www-authenticate', 'Bearer realm="headcount-collector"');
    throw new ProblemError(
      'not_admin',
      token === undefined
        ? 'Send the administrator’s token as Authorization: Bearer.'
        : 'That is not the administrator’s token.',
    );
  };
}
