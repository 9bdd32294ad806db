import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessConfig } from '../config.js';
import { ProblemError } from '../errors.js';
import { type Access, refusal } from './access.js';
import { type Caller, levelFor } from './caller.js';
import { clientAddress } from './client-address.js';
import { createClientKeys } from './client-keys.js';
import { atLeast } from './level.js';
import { LimitError } from './limit-error.js';
import { sendLimit, sendRetryAfter } from './limit-headers.js';
import { createOwnMachineCheck } from './own-machine.js';
import { createRateLimiter, type RateLimiter, type RateVerdict } from './rate-limiter.js';
import { createReportLimits, type ReportLimits } from './report-limits.js';
import type { Guard, Guards, KeyOf } from './request-guard.js';
import { bearerToken, hashSecret } from './secret.js';
import { pageOf } from '../inner-requests.js';

/** Requests to `/v1/users` that an owner may send in a minute from one address. */
const OWNER_PER_MINUTE = 60;

/**
 * Requests to `/v1/users` that a client may send in a minute without the owner's proof or the
 * administrator's token.
 */
const UNPROVED_PER_MINUTE = 20;

/** Requests with a token that is not valid that a client may send in a minute. */
const BAD_TOKENS_PER_MINUTE = 60;

export type { Guards, KeyOf };

type Limits = Omit<AccessConfig, 'projects' | 'visibility'>;

/** The guards of each kind of request: what may refuse it, in order. */
export interface AllGuards {
  /** For every route with a level: refuses a token that is not valid, or not of the level. */
  readonly level: Guard;
  readonly reports: Guards;
  /** The limits of reports, which {@link reports} begins. */
  readonly reportLimits: ReportLimits;
  readonly stats: Guards;
  /** For what everybody sees alike: no token is read. */
  readonly open: Guards;
  readonly users: UserGuards;
  /** Counts a token that is not valid. @throws `rate_limited` */
  readonly badToken: (request: FastifyRequest, reply: FastifyReply) => void;
  /** The key of a client from another machine; `undefined` for this machine. */
  readonly clientOf: KeyOf;
  /** The key of a client's token; {@link clientOf} without one. */
  readonly askerOf: KeyOf;
}

/** The guards of users' data. */
export interface UserGuards {
  /** Whether a request comes with an administrator's token. */
  isAdmin(request: FastifyRequest): boolean;
  /**
   * Counts a request that came with the proof of the owner.
   *
   * @throws `rate_limited` if the owner has sent too many.
   */
  proved(request: FastifyRequest, reply: FastifyReply): void;
  /**
   * Counts a request that came without the right token or proof.
   *
   * @throws `rate_limited` if the client has sent too many. The right one is never refused for it.
   */
  failed(request: FastifyRequest, reply: FastifyReply): void;
}

/**
 * Creates the guards. They keep their counts in memory, under hashes.
 *
 * @param nowMs - A clock that never goes back.
 * @param now - The wall clock, by which addresses get other hashes every day.
 * @param onLimitHit - See `createReportLimits()`, also for `sharedBy`.
 */
export function createGuards(
  config: Limits,
  access: Access,
  nowMs: () => number,
  now: () => Date,
  onLimitHit: (limit: string) => void,
  sharedBy: () => number,
): AllGuards {
  const keyOfAddress = createClientKeys(() => now().getTime());
  const limiterOf = (name: string, requests: number): RateLimiter =>
    createRateLimiter({ name, quota: requests, windowSeconds: 60, sharedBy }, nowMs);
  const limit = (name: string, requests: number, keyOf: KeyOf): Guards =>
    requests === 0 ? [] : [limitRequests(limiterOf(name, requests), keyOf)];
  const keyOfClient = (request: FastifyRequest): string => keyOfAddress(clientAddress(request));
  // What comes from this machine and was not forwarded is the operator's: it is not limited.
  const isOwnMachine = createOwnMachineCheck(config.trustedProxies);
  const clientOf: KeyOf = (request) => (isOwnMachine(request) ? undefined : keyOfClient(request));
  const reportLimits = createReportLimits(config, clientOf, nowMs, onLimitHit, sharedBy);
  const askerOf: KeyOf = (request) => {
    const { id } = access.callerOf(request);
    return id === null ? clientOf(request) : `token ${id}`;
  };
  const proofs = limiterOf('proofs', UNPROVED_PER_MINUTE);
  const owners = limiterOf('users', OWNER_PER_MINUTE);
  const badTokens = limiterOf('tokens', BAD_TOKENS_PER_MINUTE);
  const badToken: AllGuards['badToken'] = (request, reply) =>
    takeOne(badTokens, keyOfClient(request), request, reply);
  return {
    level: requireLevel(access, badToken),
    badToken,
    reports: reportLimits.guards,
    reportLimits,
    // A token has a limit of its own: strangers behind the same address do not use it up.
    stats: limit('stats', config.statsRateLimit, askerOf),
    open: limit('open', config.statsRateLimit, clientOf),
    users: {
      isAdmin: (request) => isAdmin(access, request),
      proved: (request, reply) => {
        const proof = hashSecret(bearerToken(request.headers) ?? '').toString('base64');
        takeOne(owners, `${keyOfClient(request)} ${proof}`, request, reply);
      },
      failed: (request, reply) => takeOne(proofs, keyOfClient(request), request, reply),
    },
    clientOf,
    askerOf,
  };
}

/** The route says which level it needs; one that is asked by project is decided where it answers. */
function requireLevel(access: Access, badToken: AllGuards['badToken']): Guard {
  return async (request, reply) => {
    const { level, credential = 'token' } = request.routeOptions.config;
    if (level === undefined || credential !== 'token') return;
    let caller: Caller;
    try {
      caller = access.callerOf(request);
    } catch (error) {
      // Only now, so that the right token is never refused for the wrong ones before it.
      badToken(request, reply);
      throw error;
    }
    const { isByProject = false } = request.routeOptions.config;
    if (isByProject || atLeast(levelFor(caller, null), level)) return;
    throw refusal(caller, level, null);
  };
}

function isAdmin(access: Access, request: FastifyRequest): boolean {
  try {
    return access.callerOf(request).level === 'administrator';
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}

/** Answers requests beyond a limit with 429, and tells every client what is left. */
function limitRequests(limiter: RateLimiter, keyOf: KeyOf): Guard {
  return async (request, reply) => {
    const key = keyOf(request);
    if (key !== undefined) takeOne(limiter, key, request, reply);
  };
}

/** What the limits said to a request, which also holds for the questions that it asks within. */
const verdicts = new WeakMap<FastifyRequest, Map<RateLimiter, RateVerdict>>();

/** @throws `rate_limited` */
function takeOne(
  limiter: RateLimiter,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { quota, windowSeconds } = limiter.limit;
  const payer = pageOf(request) ?? request;
  const known = verdicts.get(payer) ?? new Map<RateLimiter, RateVerdict>();
  const verdict = known.get(limiter) ?? limiter.take(key);
  verdicts.set(payer, known.set(limiter, verdict));
  sendLimit(reply, limiter.limit, verdict);
  if (verdict.isAllowed) return;
  sendRetryAfter(reply, verdict);
  throw new LimitError(
    limiter.limit.name,
    `At most ${quota} requests in ${windowSeconds} seconds; see Retry-After.`,
  );
}
