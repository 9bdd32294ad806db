/** A network, as the number of its first address, of 128 bits, and the length of its prefix. */
export interface NaiveNetwork {
  readonly first: bigint;
  readonly bits: number;
  readonly code: string;
}

const MAPPED = 0xffffn << 32n;

/** An IPv4 address as the IPv6 address that wraps it. */
export const ofIpv4 = (number: number): bigint => MAPPED | BigInt(number);

export const lastOf = ({ first, bits }: Pick<NaiveNetwork, 'first' | 'bits'>): bigint =>
  first | ((1n << BigInt(128 - bits)) - 1n);

/** Writes an address in full, IPv4 as such. */
export function toText(address: bigint): string {
  if (address >> 32n === 0xffffn) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  }
  return Array.from({ length: 8 }, (_, n) =>
    ((address >> BigInt(112 - n * 16)) & 0xffffn).toString(16),
  ).join(':');
}

/** The networks that a table's countries are not looked up for. */
const LOCAL: readonly (readonly [first: bigint, bits: number])[] = [
  [ofIpv4(0), 104],
  [ofIpv4(10 * 2 ** 24), 104],
  [ofIpv4(100 * 2 ** 24 + 64 * 2 ** 16), 106],
  [ofIpv4(127 * 2 ** 24), 104],
  [ofIpv4(169 * 2 ** 24 + 254 * 2 ** 16), 112],
  [ofIpv4(172 * 2 ** 24 + 16 * 2 ** 16), 108],
  [ofIpv4(192 * 2 ** 24 + 168 * 2 ** 16), 112],
  [0n, 127],
  [0xfcn << 120n, 7],
  [0xfe80n << 112n, 10],
];

/** The documents, read word by word: looks at every network, and takes the smallest, the last of equal ones. */
export function naiveCountry(table: readonly NaiveNetwork[], address: bigint): string {
  const contains = (one: Pick<NaiveNetwork, 'first' | 'bits'>): boolean =>
    address >= one.first && address <= lastOf(one);
  if (LOCAL.some(([first, bits]) => contains({ first, bits }))) return 'unknown';
  let best: NaiveNetwork | undefined;
  for (const one of table) if (contains(one) && one.bits >= (best?.bits ?? 0)) best = one;
  return best !== undefined && /^(DE|FR|US|JP|ZA)$/.test(best.code) ? best.code : 'unknown';
}
