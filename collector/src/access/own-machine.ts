import type { FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';
import { isLoopback } from './client-keys.js';
import { isForwarded } from './is-forwarded.js';

/** Whether a request was sent by a program on this machine to the collector itself. */
export type OwnMachineCheck = (request: FastifyRequest) => boolean;

/**
 * Tells requests of this machine from those that a proxy on it forwards. Where trusted proxies are
 * named, or once a proxy on this machine was seen, every request is a client's.
 */
export function createOwnMachineCheck(trustedProxies: readonly string[]): OwnMachineCheck {
  let hasProxy = trustedProxies.length > 0;
  return (request) => {
    if (hasProxy || !isLoopback(clientAddress(request))) return false;
    hasProxy = isForwarded(request.headers);
    return !hasProxy;
  };
}
