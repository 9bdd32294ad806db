import type { FastifyReply, FastifyRequest } from 'fastify';

/** What may refuse a request before its body is read, in this order. */
export type Guards = ((request: FastifyRequest, reply: FastifyReply) => Promise<void>)[];
