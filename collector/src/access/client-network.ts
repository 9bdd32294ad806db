import { isIP } from 'node:net';
import { embeddedIpv4, groupsOf } from '../rules/ipv6-groups.js';

/**
 * The network that limits count a client under: an IPv4 address, or the first 48 bits of an IPv6
 * address, which is what one customer of a provider gets at most. A form of IPv6 that embeds a
 * client's IPv4 address is that address. Any other text stays as it is.
 */
export function clientNetwork(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (isIP(plain) !== 6) return address;
  const groups = groupsOf(plain);
  return embeddedIpv4(groups) ?? toPrefix(groups);
}

const PREFIX_GROUPS = 3;

/** Eight numbers of 16 bits, of which the first ones, as `2001:db8:1::/48`. */
const toPrefix = (groups: readonly number[]): string =>
  `${groups
    .slice(0, PREFIX_GROUPS)
    .map((group) => group.toString(16))
    .join(':')}::/48`;
