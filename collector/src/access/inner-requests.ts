import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { AskedState } from '../stats/asked-state.js';

/** A question that the collector asks itself to answer a request for a page. */
export interface InnerRequest {
  /** The request that it is asked for. */
  readonly page: FastifyRequest;
  /** The state that all figures of the page are from. */
  readonly state?: AskedState;
}

/** By the object itself, which nothing that comes over a network can be or name. */
const inner = new WeakMap<IncomingMessage, InnerRequest>();

/** Marks a request as one that the collector asks itself. */
export function markInner(raw: IncomingMessage, request: InnerRequest): void {
  inner.set(raw, request);
}

/** What a request is asked for, if the collector asks itself; `undefined` for one of a client. */
export const innerOf = ({ raw }: Pick<FastifyRequest, 'raw'>): InnerRequest | undefined =>
  inner.get(raw);
