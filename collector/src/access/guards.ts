import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessConfig } from '../config.js';
import { ProblemError } from '../errors.js';
import { clientAddress } from './client-address.js';
import { createClientKeys, isLoopback } from './client-keys.js';
import { createRateLimiter, type RateLimiter } from './rate-limiter.js';
import { bearerToken, hashSecret, isSecret } from './secret.js';

/** Requests to `/v1/users` that a client may send in a minute. */
const USERS_PER_MINUTE = 60;

/**
 * Requests to `/v1/users` that a client may send in a minute without the owner's proof or the
 * administrator's token.
 */
const UNPROVED_PER_MINUTE = 20;

/** Requests to `/v1/projects` that a client may send in a minute. */
const ADMIN_PER_MINUTE = 300;

type Limits = Omit<AccessConfig, 'projects' | 'maxProjects'>;

/** The guards of each kind of request: what may refuse it, in order. */
export interface AllGuards {
  readonly reports: Guards;
  readonly stats: Guards;
  readonly users: UserGuards;
  readonly admin: Guards;
  /** For the list of projects: the administrator, or a request from this machine. */
  readonly operator: Guards;
  /** The key of a client from another machine; `undefined` for this machine. */
  readonly clientOf: KeyOf;
}

/** The guards of users' data. */
export interface UserGuards {
  readonly onRequest: Guards;
  /** Whether a request comes with the administrator's token. */
  isAdmin(request: FastifyRequest): boolean;
  /** Tells that a request came with the right token, so that it does not count as unproved. */
  proved(request: FastifyRequest): void;
}

/**
 * Creates the guards. They keep their counts in memory, under hashes.
 *
 * @param nowMs - A clock that never goes back.
 */
export function createGuards(config: Limits, nowMs: () => number): AllGuards {
  const keyOfAddress = createClientKeys(nowMs);
  const limiterOf = (name: string, requests: number): RateLimiter =>
    createRateLimiter({ name, requests, windowSeconds: 60 }, nowMs);
  const limit = (name: string, requests: number, keyOf: KeyOf): Guards =>
    requests === 0 ? [] : [limitRequests(limiterOf(name, requests), keyOf)];
  const keyOfClient = (request: FastifyRequest): string => keyOfAddress(clientAddress(request));
  // Requests from this machine come from a proxy or from the operator: they are not limited.
  const clientOf: KeyOf = (request) => {
    const address = clientAddress(request);
    return isLoopback(address) ? undefined : keyOfAddress(address);
  };
  const adminLimit = limit('admin', ADMIN_PER_MINUTE, keyOfClient);
  const proofs = limiterOf('proofs', UNPROVED_PER_MINUTE);
  const isAdmin = adminCheck(config.adminToken);
  return {
    reports: [
      ...limit('address', config.rateLimit, clientOf),
      ...limit('key', config.keyRateLimit, ({ headers }) => {
        const key = bearerToken(headers);
        return key === undefined ? undefined : hashSecret(key).toString('base64');
      }),
    ],
    stats: limit('stats', config.statsRateLimit, clientOf),
    users: {
      // Each request takes one place of `proofs` before anything is looked up, and gets it back if
      // it was proved. So all other requests cost the same, and their headers say the same.
      onRequest: [
        limitRequests(limiterOf('users', USERS_PER_MINUTE), keyOfClient),
        limitRequests(proofs, keyOfClient),
      ],
      isAdmin,
      proved: (request) => proofs.giveBack(keyOfClient(request)),
    },
    admin: [...adminLimit, requireAdmin(config.adminToken)],
    operator: [...adminLimit, requireOperator(config)],
    clientOf,
  };
}

/** Headers that proxies add to requests. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * Admits the administrator. If there is none, admits requests from this machine that no proxy
 * forwarded.
 */
function requireOperator({ adminToken, trustedProxies }: Limits): Guard {
  const asAdmin = requireAdmin(adminToken);
  return async (request, reply) => {
    const isDirect =
      trustedProxies.length === 0 &&
      isLoopback(clientAddress(request)) &&
      FORWARDED.every((name) => request.headers[name] === undefined);
    if (adminToken !== undefined || !isDirect) await asAdmin(request, reply);
  };
}

/** Hooks that may refuse a request before its body is read, in this order. */
export type Guards = Guard[];

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The key that a request is counted under; `undefined` if it is not limited. */
export type KeyOf = (request: FastifyRequest) => string | undefined;

/**
 * Answers requests beyond a limit with 429, and tells every client what is left, in the header
 * fields of draft-ietf-httpapi-ratelimit-headers, revisions 8 to 11.
 */
function limitRequests(limiter: RateLimiter, keyOf: KeyOf): Guard {
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

// A rounding error must not add a second.
function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000 - 1e-6);
}

/**
 * Admits the administrator only.
 *
 * @param adminToken - If there is none, every request is refused.
 */
function requireAdmin(adminToken: string | undefined): Guard {
  const isAdmin = adminCheck(adminToken);
  return async (request, reply) => {
    if (adminToken === undefined) {
      throw new ProblemError(
        'admin_off',
        'Set HEADCOUNT_ADMIN_TOKEN where the collector starts, to turn the administration on.',
      );
    }
    if (isAdmin(request)) return;
    reply.header('www-authenticate', 'Bearer realm="headcount-collector"');
    throw new ProblemError(
      'not_admin',
      bearerToken(request.headers) === undefined
        ? 'Send the administrator’s token as Authorization: Bearer.'
        : 'That is not the administrator’s token.',
    );
  };
}

/** Tells requests with the administrator's token from all others, in constant time. */
function adminCheck(adminToken: string | undefined): (request: FastifyRequest) => boolean {
  const hash = adminToken === undefined ? undefined : hashSecret(adminToken);
  return ({ headers }) => {
    const token = bearerToken(headers);
    return token !== undefined && hash !== undefined && isSecret(token, hash);
  };
}
