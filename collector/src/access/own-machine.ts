import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { clientAddress, readAddress } from './client-address.js';
import { isLoopback } from './client-keys.js';

/** Headers that proxies add to requests. */
const FORWARDED = [
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  ...['x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'fastly-client-ip'],
];

/** Whether a proxy has passed a request on. */
export const isForwarded = (headers: IncomingHttpHeaders): boolean =>
  FORWARDED.some((name) => headers[name] !== undefined);

/**
 * Whether a `Host` is a name of this machine by itself. A page can give its own name the address of
 * the machine that it is read on (DNS rebinding), but no such name to itself.
 */
export function isOwnName(host = ''): boolean {
  const [, name = ''] = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host.toLowerCase()) ?? [];
  if (name === 'localhost') return true;
  const address = readAddress(name);
  return address !== undefined && isLoopback(address);
}

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
