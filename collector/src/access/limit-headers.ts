import type { FastifyReply } from 'fastify';
import type { RateLimit, RateVerdict } from './rate-limiter.js';

/**
 * Tells a client what is left of a limit, in the header fields of
 * draft-ietf-httpapi-ratelimit-headers, revisions 8 to 11.
 */
export function sendLimit(
  reply: FastifyReply,
  { name, quota, windowSeconds }: RateLimit,
  { remaining, resetMs }: RateVerdict,
): void {
  append(reply, 'ratelimit-policy', `"${name}";q=${quota};w=${windowSeconds}`);
  append(reply, 'ratelimit', `"${name}";r=${remaining};t=${toSeconds(resetMs)}`);
}

/** Tells a client when it may try again. */
export function sendRetryAfter(reply: FastifyReply, { retryAfterMs }: RateVerdict): void {
  reply.header('retry-after', String(Math.max(1, toSeconds(retryAfterMs))));
}

/** A limit that is told twice, as for two projects, is told as it was last. */
function append(reply: FastifyReply, name: string, item: string): void {
  const [policy = ''] = item.split(';');
  const items = String(reply.getHeader(name) ?? '').split(', ');
  const at = items.findIndex((one) => one === '' || one.startsWith(`${policy};`));
  items.splice(at === -1 ? items.length : at, 1, item);
  reply.header(name, items.join(', '));
}

// A rounding error must not add a second.
const toSeconds = (ms: number): number => Math.ceil(ms / 1000 - 1e-6);
