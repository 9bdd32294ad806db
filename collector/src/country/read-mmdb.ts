import { Reader } from 'mmdb-lib';
import { type AddressWords, nextWords, prefixOf, toIpv4Text, toText } from './address-words.js';
import { countryNumber } from './country-codes.js';
import { compareWords } from './country-ranges.js';
import { CountryTableError } from './country-table-error.js';
import { isRecord } from '../is-record.js';
import type { RangeList } from './range-list.js';

const MARK = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');

/** Whether a file is in MaxMind's format: its metadata begin with a mark, in its last 128 KiB. */
export const isMmdb = (content: Buffer): boolean => content.subarray(-128 * 1024).includes(MARK);

/** Records that are kept decoded. Tables of countries have fewer; those of cities have millions. */
const MAX_RECORDS = 10_000;

/**
 * Networks at most for each node of the tree: there is one, and some more where parts of it stand for others, as IPv4
 * below 6to4. A damaged tree can lead round in circles.
 */
const MAX_NETWORKS_PER_NODE = 8;

/**
 * Reads all ranges of a file in MaxMind's format, so that a damaged one is found at once, and not by a lookup.
 *
 * @throws `country_table_malformed`
 */
export function readMmdb(content: Buffer, list: RangeList): void {
  try {
    readAll(content, list);
  } catch (error) {
    if (error instanceof CountryTableError) throw error;
    throw new CountryTableError('country_table_malformed', 'the mmdb file is damaged', {
      cause: error,
    });
  }
}

function readAll(content: Buffer, list: RangeList): void {
  const decoded = new Map<string | number, unknown>();
  const reader = new Reader<never>(content, {
    cache: {
      get: (at: string | number) => decoded.get(at),
      set: (at: string | number, record: unknown) => {
        if (decoded.size >= MAX_RECORDS) decoded.clear();
        decoded.set(at, record);
      },
    },
  });
  const { nodeCount, searchTreeSize } = reader.metadata;
  if (!Number.isSafeInteger(nodeCount) || searchTreeSize > content.length) {
    throw new Error('The tree is larger than the file.');
  }
  let left = (nodeCount + 1) * MAX_NETWORKS_PER_NODE;
  const read = (
    first: AddressWords,
    last: AddressWords,
    bitsBefore: number,
    toAddress: (words: AddressWords) => string,
  ): void => {
    let pending: { start: AddressWords; end: AddressWords; country: number } | undefined;
    const flush = (): void => {
      if (pending !== undefined) list.add(pending.start, pending.end, pending.country);
      pending = undefined;
    };
    for (let next: AddressWords | undefined = first; next !== undefined;) {
      if (left-- === 0) throw new Error('The tree is no tree.');
      const [record, bits] = reader.getWithPrefixLength(toAddress(next));
      const { end: found } = prefixOf(next, bitsBefore + bits);
      const isLast = compareWords(found, last) >= 0;
      const end = isLast ? last : found;
      const country = record === null ? undefined : countryNumber(codeOf(record));
      if (pending !== undefined && pending.country === country) {
        pending.end = end;
      } else {
        flush();
        if (country !== undefined) pending = { start: next, end, country };
      }
      next = isLast ? undefined : nextWords(end);
    }
    flush();
  };
  const max = 0xffffffff;
  read([0, 0, 0xffff, 0], [0, 0, 0xffff, max], 96, toIpv4Text);
  if (reader.metadata.ipVersion !== 6) return;
  // IPv4 is below ::/96 in such files, and mapped addresses are looked up as IPv4.
  read([0, 0, 1, 0], [0, 0, 0xfffe, max], 0, toText);
  read([0, 0, 0x10000, 0], [max, max, max, max], 0, toText);
}

/**
 * The code of a record: MaxMind has `country.iso_code`, ip-location-db `country_code`, and others
 * `country`.
 */
function codeOf(record: unknown): string {
  if (!isRecord(record)) return '';
  const { country, country_code: code } = record;
  const given = isRecord(country) ? country['iso_code'] : (code ?? country);
  return typeof given === 'string' ? given : '';
}
