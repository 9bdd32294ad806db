import { isIP } from 'node:net';
import { embeddedIpv4, groupsOf } from '../rules/ipv6-groups.js';

/**
 * An address as four numbers of 32 bits, the first bits first. IPv4 is mapped into IPv6, so that one
 * order has both.
 */
export type AddressWords = readonly [number, number, number, number];

/** The third word of mapped IPv4. */
const MAPPED = 0xffff;

/** Reads an address; `undefined` for another text. */
export function toWords(text: string): AddressWords | undefined {
  switch (isIP(text)) {
    case 4:
      return [0, 0, MAPPED, ipv4Number(text)];
    case 6:
      return text.includes('%') ? undefined : wordsOf(groupsOf(text));
    default:
      return undefined;
  }
}

/** The same of a client: where its IPv6 address only embeds an IPv4 address, of the latter. */
export function toClientWords(text: string): AddressWords | undefined {
  if (isIP(text) !== 6) return toWords(text);
  const groups = groupsOf(text.split('%', 1)[0] ?? '');
  const embedded = embeddedIpv4(groups);
  return embedded === undefined ? wordsOf(groups) : [0, 0, MAPPED, ipv4Number(embedded)];
}

/** Writes an address, such as `::ffff:c000:201`. */
export const toText = (words: AddressWords): string =>
  words
    .flatMap((word) => [word >>> 16, word & 0xffff].map((group) => group.toString(16)))
    .join(':');

/** Writes an address of mapped IPv4 as such. */
export const toIpv4Text = ([, , , word]: AddressWords): string =>
  [24, 16, 8, 0].map((bits) => (word >>> bits) & 0xff).join('.');

/** The first and the last address with the same first bits as an address, of 128. */
export function prefixOf(
  words: AddressWords,
  bits: number,
): { readonly start: AddressWords; readonly end: AddressWords } {
  const masks = [0, 32, 64, 96].map((before) => {
    const own = Math.min(32, Math.max(0, bits - before));
    return own === 0 ? 0 : (0xffffffff << (32 - own)) >>> 0;
  });
  const [a, b, c, d] = words;
  const [ma = 0, mb = 0, mc = 0, md = 0] = masks;
  return {
    start: [(a & ma) >>> 0, (b & mb) >>> 0, (c & mc) >>> 0, (d & md) >>> 0],
    end: [(a | ~ma) >>> 0, (b | ~mb) >>> 0, (c | ~mc) >>> 0, (d | ~md) >>> 0],
  };
}

/** The address behind another; `undefined` behind the last. */
export function nextWords(words: AddressWords): AddressWords | undefined {
  const next: [number, number, number, number] = [...words];
  for (let at = 3; at >= 0; at--) {
    next[at] = ((next[at] ?? 0) + 1) >>> 0;
    if (next[at] !== 0) return next;
  }
  return undefined;
}

function ipv4Number(text: string): number {
  let number = 0;
  for (const part of text.split('.')) number = number * 256 + Number(part);
  return number;
}

function wordsOf(groups: readonly number[]): AddressWords {
  const word = (at: number): number => (groups[at] ?? 0) * 0x10000 + (groups[at + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}
