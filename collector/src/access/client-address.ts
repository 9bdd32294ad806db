import { BlockList, isIP, SocketAddress } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Reads an address as proxies write it into `X-Forwarded-For`: plain, with a port, or in brackets.
 * `undefined` for anything else, such as `unknown` or `(null)`, which some proxies write.
 */
export function readAddress(text: string): string | undefined {
  const trimmed = text.trim().replace(/^"(.*)"$/, '$1');
  const plain = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(trimmed)?.[1] ?? withoutPort(trimmed);
  return isIP(plain) === 0 ? undefined : normalize(plain);
}

/** One text for each address: without a zone ID, shortened, and as IPv4 where IPv6 only wraps it. */
function normalize(address: string): string {
  if (isIP(address) === 4) return address;
  const [plain = ''] = address.split('%', 1);
  const text = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  return WRAPPED_IPV4.exec(text)?.[1] ?? text;
}

/** `::ffff:192.0.2.1`: an IPv4 address as sockets for both families show it. */
const WRAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/** Only IPv4: an IPv6 address with a port is in brackets (RFC 7239, section 6). */
const withoutPort = (text: string): string => /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;

/**
 * Fastify's `trustProxy`: whether an address of `X-Forwarded-For` is a proxy's. A text that is no
 * address counts as a proxy, so that the address before it is taken. Otherwise all clients behind a
 * proxy that writes `unknown` would share one limit.
 */
export function createProxyTrust(
  networks: readonly string[],
): (address: string | undefined) => boolean {
  const proxies = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  return (text = '') => {
    const address = readAddress(text);
    return address === undefined || proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  };
}

/** The address of a request's client: the last readable one that the trusted proxies passed on. */
export function clientAddress({ ip, ips }: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  // Fastify's type hides that a client that has disconnected has no address.
  const own: string | undefined = ip;
  for (const text of [...(ips ?? [own ?? ''])].reverse()) {
    const address = readAddress(text);
    if (address !== undefined) return address;
  }
  return own ?? '';
}
