import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Guards } from '../access/guards.js';

/** What the routes of pages have in common: who is refused, and that the refusal is a page. */
export interface PageRoute {
  readonly config: { readonly level: 'public' };
  readonly onRequest: Guards;
  readonly errorHandler: (
    error: FastifyError,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => void;
}
