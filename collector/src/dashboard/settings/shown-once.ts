import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookie of what is shown once. It is a ticket: neither the secret nor made of it. */
const COOKIE = 'headcount-once';

/** How long what was made waits to be shown, in milliseconds: a redirect takes no longer. */
const KEPT_MS = 60_000;

/** So much waits at most; the oldest goes. */
const MAX_KEPT = 100;

/** Keeps something in memory for the page after the next redirect, which shows it once. */
export interface ShownOnce<Value> {
  keep(reply: FastifyReply, path: string, value: Value): void;
  /** What was kept for the browser of a request; it is gone afterwards. */
  take(request: FastifyRequest, reply: FastifyReply, path: string): Value | undefined;
}

/**
 * Creates the memory.
 *
 * @param nowMs - Milliseconds of a monotonic clock.
 */
export function createShownOnce<Value>(nowMs: () => number): ShownOnce<Value> {
  const kept = new Map<string, { readonly untilMs: number; readonly value: Value }>();
  const dropOld = (): void => {
    for (const [ticket, { untilMs }] of kept) if (untilMs <= nowMs()) kept.delete(ticket);
    for (const ticket of [...kept.keys()].slice(0, Math.max(0, kept.size - MAX_KEPT))) {
      kept.delete(ticket);
    }
  };
  const attributesOf = ({ protocol }: FastifyRequest, path: string) =>
    ({ path, httpOnly: true, sameSite: 'strict', secure: protocol === 'https' }) as const;
  return {
    keep: (reply, path, value) => {
      const ticket = randomBytes(32).toString('base64url');
      kept.set(ticket, { untilMs: nowMs() + KEPT_MS, value });
      dropOld();
      const maxAge = KEPT_MS / 1000;
      reply.setCookie(COOKIE, ticket, { ...attributesOf(reply.request, path), maxAge });
    },
    take: (request, reply, path) => {
      const ticket = request.cookies[COOKIE];
      if (ticket === undefined) return undefined;
      dropOld();
      const found = kept.get(ticket);
      kept.delete(ticket);
      reply.clearCookie(COOKIE, attributesOf(request, path));
      return found?.value;
    },
  };
}
