import type { IncomingMessage } from 'node:http';
import { readAddress } from './client-address.js';
import { isLoopback } from './client-keys.js';
import { isForwarded } from './is-forwarded.js';

/**
 * Whether a program on this machine has sent a request itself: not through a proxy, and not in a web
 * page.
 */
export function isDirect({ headers, socket }: IncomingMessage): boolean {
  return (
    isLoopback(readAddress(socket.remoteAddress ?? '') ?? '') &&
    !isForwarded(headers) &&
    isOwnName(headers.host)
  );
}

/**
 * Whether a `Host` is a name of this machine by itself. A page can give its own name the address of
 * the machine that it is read on (DNS rebinding), but no such name to itself.
 */
function isOwnName(host = ''): boolean {
  const [, name = ''] = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host.toLowerCase()) ?? [];
  if (name === 'localhost') return true;
  const address = readAddress(name);
  return address !== undefined && isLoopback(address);
}
