import type { FastifyReply, FastifyRequest } from 'fastify';

/** Hooks that may refuse a request before its body is read, in this order. */
export type Guards = Guard[];

/** A hook that may refuse a request. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The key that a request is counted under; `undefined` if it is not limited. */
export type KeyOf = (request: FastifyRequest) => string | undefined;
