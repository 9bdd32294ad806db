import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../errors.js';
import type { RateLimiter } from './rate-limiter.js';

/** What a request is counted under, or `undefined` where it is not limited. */
export type KeyOf = (request: FastifyRequest) => string | undefined;

type OnRequest = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Refuses requests beyond a limit with 429 and tells every client what is left, in the header
 * fields of draft-ietf-httpapi-ratelimit-headers, revisions 8 to 11.
 */
export function limitRequests(limiter: RateLimiter, keyOf: KeyOf): OnRequest {
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
