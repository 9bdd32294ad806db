import type { FastifyReply } from 'fastify';
import { LimitError } from './limit-error.js';
import { sendLimit, sendRetryAfter } from './limit-headers.js';
import type { RateLimiter, RateVerdict } from './rate-limiter.js';

/** So much of a limit, for a key. */
export interface Cost {
  readonly limiter: RateLimiter;
  readonly unit: string;
  readonly key: string;
  readonly amount: number;
  /** Whether it is the client’s own limit, of which it may know how much is left. */
  readonly isOwn: boolean;
}

/** A cost that is beyond its limit. */
export interface Refused {
  readonly cost: Cost;
  readonly verdict: RateVerdict;
}

/**
 * Takes all costs, or none if one is beyond its limit.
 *
 * @throws `LimitError`.
 */
export function take(reply: FastifyReply, costs: readonly Cost[]): void {
  refuse(reply, costs);
  takeCosts(reply, costs);
}

/** Takes costs that are within their limits. */
export function takeCosts(reply: FastifyReply, costs: readonly Cost[]): void {
  for (const { limiter, key, amount, isOwn } of costs) {
    const verdict = limiter.take(key, amount);
    if (isOwn) sendLimit(reply, limiter.limit, verdict);
  }
}

/** Undoes the taking of a cost. */
export const giveBack = ({ limiter, key, amount }: Cost): void => limiter.giveBack(key, amount);

/**
 * Refuses a request if one of its costs is beyond its limit.
 *
 * @throws `LimitError`.
 */
export function refuse(reply: FastifyReply, costs: readonly Cost[]): void {
  const refused = findRefused(costs);
  if (refused === undefined) return;
  tellRefused(reply, refused);
  throw new LimitError(
    refused.cost.limiter.limit.name,
    `${toText(refused)} Nothing of this request was kept; see Retry-After.`,
  );
}

/** The cost beyond its limit that has to wait longest. */
export function findRefused(costs: readonly Cost[]): Refused | undefined {
  let refused: Refused | undefined;
  for (const cost of costs) {
    const verdict = cost.limiter.look(cost.key, cost.amount);
    if (verdict.isAllowed) continue;
    if (refused && verdict.retryAfterMs <= refused.verdict.retryAfterMs) continue;
    refused = { cost, verdict };
  }
  return refused;
}

/** Tells a client in headers when what is refused may be sent again. */
export function tellRefused(reply: FastifyReply, { cost, verdict }: Refused): void {
  if (cost.isOwn) sendLimit(reply, cost.limiter.limit, verdict);
  sendRetryAfter(reply, verdict);
}

/** The limit that was met, for people. */
export function toText({ cost: { limiter, unit, isOwn } }: Refused): string {
  const { quota, windowSeconds } = limiter.limit;
  return `At most ${quota} ${unit} in ${windowSeconds} seconds${isOwn ? '' : ' from all clients'}.`;
}
