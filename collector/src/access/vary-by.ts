import type { FastifyReply } from 'fastify';

/**
 * Adds to `Vary` what an answer depends on. `Origin` may be in it: caches must not give one origin's
 * answer to another.
 */
export function varyBy(reply: FastifyReply, names: string): FastifyReply {
  return reply.header('vary', [reply.getHeader('vary'), names].filter(Boolean).join(', '));
}
