import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/**
 * The requests for pages that questions of the collector to itself are asked for: by the object of
 * the question's request, which nothing that comes over a network can be or name.
 */
const pages = new WeakMap<IncomingMessage, FastifyRequest>();

/** Marks a request as a question that the collector asks itself to answer a request for a page. */
export function markInner(raw: IncomingMessage, page: FastifyRequest): void {
  pages.set(raw, page);
}

/** The page that a question is asked for; `undefined` for a request of a client. */
export const pageOf = ({ raw }: Pick<FastifyRequest, 'raw'>): FastifyRequest | undefined =>
  pages.get(raw);
