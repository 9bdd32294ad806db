import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { AccessConfig } from '../config.js';
import { ProblemError } from '../errors.js';
import { clientAddress } from './client-address.js';
import { createClientKeys, isLoopback } from './client-keys.js';
import type { Guard, Guards, KeyOf } from './request-guard.js';
import { sendLimit, sendRetryAfter } from './limit-headers.js';
import { createOwnMachineCheck } from './own-machine.js';
import { createRateLimiter, type RateLimiter } from './rate-limiter.js';
import { createReportLimits, type ReportLimits } from './report-limits.js';
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

export type { Guards, KeyOf };

type Limits = Omit<AccessConfig, 'projects'>;

/** The guards of each kind of request: what may refuse it, in order. */
export interface AllGuards {
  readonly reports: Guards;
  /** The limits of reports, which {@link reports} begins. */
  readonly reportLimits: ReportLimits;
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
 * @param now - The wall clock, by which addresses get other hashes every day.
 */
export function createGuards(
  config: Limits,
  logger: Logger,
  nowMs: () => number,
  now: () => Date,
): AllGuards {
  const keyOfAddress = createClientKeys(() => now().getTime());
  const limiterOf = (name: string, requests: number): RateLimiter =>
    createRateLimiter({ name, quota: requests, windowSeconds: 60 }, nowMs);
  const limit = (name: string, requests: number, keyOf: KeyOf): Guards =>
    requests === 0 ? [] : [limitRequests(limiterOf(name, requests), keyOf)];
  const keyOfClient = (request: FastifyRequest): string => keyOfAddress(clientAddress(request));
  const isOwnMachine = createOwnMachineCheck(config.trustedProxies);
  const clientOf: KeyOf = (request) => (isOwnMachine(request) ? undefined : keyOfClient(request));
  const reportLimits = createReportLimits(config, clientOf, nowMs);
  const adminLimit = limit('admin', ADMIN_PER_MINUTE, keyOfClient);
  const proofs = limiterOf('proofs', UNPROVED_PER_MINUTE);
  const isAdmin = adminCheck(config.adminToken);
  return {
    reports: [warnOfProxy(config, logger), ...reportLimits.guards],
    reportLimits,
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

/** Behind a proxy that is not configured all clients share one limit: warns once. */
function warnOfProxy({ trustedProxies, rateLimit }: Limits, logger: Logger): Guard {
  let warned = trustedProxies.length > 0 || rateLimit === 0;
  return ({ headers }) => {
    if (!warned && headers['x-forwarded-for'] !== undefined) {
      warned = true;
      logger.warn(
        'requests come through a proxy that HEADCOUNT_TRUSTED_PROXIES does not name: its clients are limited as one',
      );
    }
    return Promise.resolve();
  };
}

/** Answers requests beyond a limit with 429, and tells every client what is left. */
function limitRequests(limiter: RateLimiter, keyOf: KeyOf): Guard {
  const { quota, windowSeconds } = limiter.limit;
  return async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const verdict = limiter.take(key);
    sendLimit(reply, limiter.limit, verdict);
    if (verdict.isAllowed) return;
    sendRetryAfter(reply, verdict);
    throw new ProblemError(
      'rate_limited',
      `At most ${quota} requests in ${windowSeconds} seconds; see Retry-After.`,
    );
  };
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
