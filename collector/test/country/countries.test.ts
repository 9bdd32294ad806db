import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountryTableError } from '../../src/country/country-table-error.js';
import { findClientCountry } from '../../src/country/find-client-country.js';
import { readCountryTable } from '../../src/country/read-country-table.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type MmdbValue, writeMmdb } from '../support/write-mmdb.js';
import { lastOf, naiveCountry, type NaiveNetwork, ofIpv4, toText } from './naive-country.js';

/** The files of a table, in a folder of its own. */
function write(...contents: readonly (string | Buffer)[]): string[] {
  const folder = temporaryFolder();
  return contents.map((content, n) => {
    const file = join(folder, `table-${n}`);
    writeFileSync(file, content);
    return file;
  });
}

/** Reads a table. @returns The country of an address. */
function open(...contents: readonly (string | Buffer)[]): (address: string) => string {
  const ranges = readCountryTable(write(...contents));
  return (one) => findClientCountry(ranges, one);
}

/** Bits 64 to 127 are nearly always 0, so that networks meet each other. */
const address = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(ofIpv4),
  fc.record({ a: fc.nat(255), b: fc.nat(3) }).map(({ a, b }) => ofIpv4(a * 2 ** 24 + b * 2 ** 22)),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  fc
    .record({ high: fc.nat(7), low: fc.nat(3) })
    .map(({ high, low }) => (0x2a00n << 112n) | (BigInt(high) << 90n) | BigInt(low)),
);

const isIpv4 = (one: bigint): boolean => one >> 32n === 0xffffn;

const network = fc
  .record({
    address,
    bits: fc.nat(128),
    code: fc.constantFrom('DE', 'FR', 'US', 'JP', 'ZA', 'ZZ', 'EU'),
  })
  .map(({ address: one, bits, code }): NaiveNetwork => {
    const length = isIpv4(one) ? 96 + (bits % 33) : bits;
    const rest = BigInt(128 - length);
    return { first: (one >> rest) << rest, bits: length, code };
  })
  // Nobody has a network that wraps all of IPv4 and more; see the manual.
  .filter((one) => one.bits >= 96 || one.first > ofIpv4(0) || lastOf(one) < ofIpv4(2 ** 32 - 1));

/** Addresses at the edges of networks, and anywhere. */
const askedOf = (table: readonly NaiveNetwork[]): fc.Arbitrary<bigint> =>
  fc.oneof(
    address,
    fc
      .record({ one: fc.constantFrom(...table), edge: fc.constantFrom(-1n, 0n, 1n) })
      .map(({ one, edge }) => one.first + edge),
    fc
      .record({ one: fc.constantFrom(...table), edge: fc.constantFrom(-1n, 0n, 1n) })
      .map(({ one, edge }) => lastOf(one) + edge),
  );

/** Whether a country is left where later and smaller networks have replaced the others. */
const namesCountry = (table: readonly NaiveNetwork[]): boolean =>
  table.some((one) =>
    [one.first, lastOf(one)].some((edge) => naiveCountry(table, edge) !== 'unknown'),
  );

const tables = fc
  .array(network, { minLength: 1, maxLength: 40 })
  .filter(namesCountry)
  .chain((table) =>
    fc.record({
      table: fc.constant(table),
      asked: fc.array(askedOf(table), { minLength: 50, maxLength: 200, size: 'max' }),
    }),
  )
  .map(({ table, asked }) => ({
    table,
    asked: asked.filter((one) => one >= 0n && one < 1n << 128n && !isEmbedded(one)),
  }));

/** Forms of IPv6 beside the mapped one that stand for an IPv4 address. */
const isEmbedded = (one: bigint): boolean =>
  one >> 112n === 0x2002n ||
  one >> 96n === 0x20010000n ||
  one >> 32n === 0xffff0000n ||
  one >> 80n === 0x64ff9b0000n >> 0n ||
  one >> 112n === 0x64n;

describe('the country of an address', () => {
  it.each(['prefixes', 'ranges'])('is that of a linear search in lines of %s', (form) => {
    fc.assert(
      fc.property(tables, ({ table, asked }) => {
        const lines = table.map((one) =>
          form === 'prefixes'
            ? prefixLine(one)
            : `${toText(one.first)},${toText(lastOf(one))},${one.code}`,
        );
        const countryOf = open(`${lines.join('\n')}\n`);
        for (const one of asked) {
          expect([toText(one), countryOf(toText(one))]).toEqual([
            toText(one),
            naiveCountry(table, one),
          ]);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it('is that of a linear search in files in MaxMind’s format', () => {
    const records: readonly ((code: string) => MmdbValue)[] = [
      (code) => ({ country_code: code }),
      (code) => ({ country: { iso_code: code }, continent: { code: 'EU' } }),
      (code) => ({ country: code, asn: 'AS64496' }),
    ];
    fc.assert(
      fc.property(tables, fc.constantFrom(...records), ({ table, asked }, record) => {
        const bitsOf = ({ first, bits }: NaiveNetwork): number[] => {
          const place = isIpv4(first) ? first & 0xffffffffn : first;
          return Array.from({ length: bits }, (_, n) => Number((place >> BigInt(127 - n)) & 1n));
        };
        // In a tree the later of equal networks replaces the earlier one too.
        const kept = table.filter(
          ({ first, bits }) => bits > 0 && (isIpv4(first) || first >> 32n !== 0n),
        );
        fc.pre(namesCountry(kept));
        const networks = kept.map((one) => ({ bits: bitsOf(one), record: record(one.code) }));
        const countryOf = open(writeMmdb(networks, 6));
        for (const one of asked) {
          expect([toText(one), countryOf(toText(one))]).toEqual([
            toText(one),
            naiveCountry(kept, one),
          ]);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it('is that of the IPv4 address that an IPv6 address wraps', () => {
    const countryOf = open('203.0.113.0/24,DE\n2001:db8::/32,FR');
    const asked = {
      '203.0.113.77': 'DE',
      '::ffff:203.0.113.77': 'DE',
      '::FFFF:cb00:714d': 'DE',
      // 6to4, NAT64, Teredo.
      '2002:cb00:714d::1': 'DE',
      '64:ff9b::203.0.113.77': 'DE',
      '2001:0:4136:e378:8000:63bf:34ff:8eb2': 'DE',
      '2001:db8::1': 'FR',
      '2001:DB8:0:0::1%eth0': 'FR',
      '203.0.114.1': 'unknown',
      '2001:db9::1': 'unknown',
      '': 'unknown',
      _hidden: 'unknown',
    };
    const found = Object.keys(asked).map((one) => [one, countryOf(one)]);
    expect(Object.fromEntries(found)).toEqual(asked);
  });

  it('is unknown of local addresses, whatever the table says', () => {
    const countryOf = open('0.0.0.0,255.255.255.255,DE\n::1:0:0,ffff::,FR\n10.1.0.0/16,JP');
    for (const local of [
      ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.0.9', '100.64.0.1'],
      ...['::1', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '0.0.0.0', '::'],
    ]) {
      expect([local, countryOf(local)]).toEqual([local, 'unknown']);
    }
    expect(countryOf('172.32.0.1')).toBe('DE');
    expect(countryOf('2001:db8::1')).toBe('FR');
  });

  it('is a code of ISO 3166-1 in capitals, or unknown', async () => {
    const lines = [
      ...['192.0.2.0/28,de', '192.0.2.16/28,XK', '192.0.2.32/28,EU', '192.0.2.48/28,-'],
      ...['192.0.2.64/28,', '192.0.2.80/28,A1', '192.0.2.96/28,"GB"'],
    ];
    const countryOf = open(lines.join('\r\n'));
    const found = [1, 17, 33, 49, 65, 81, 97].map((n) => countryOf(`192.0.2.${n}`));
    expect(found).toEqual(['DE', ...Array<string>(5).fill('unknown'), 'GB']);
  });

  it('is looked up in all files of the table, with a mark, comments and empty lines', () => {
    const countryOf = open(
      '\uFEFF# IPv4\r\n\r\n203.0.113.0,203.0.113.255,DE\r\n',
      writeMmdb([{ bits: [1, 1, 0, 0, 0], record: { country_code: 'US' } }], 4),
      '2001:db8::,2001:db8::ffff,FR',
    );
    const asked = ['203.0.113.1', '192.0.2.1', '2001:db8::ff', '2001:db8::1:0'];
    expect(asked.map((one) => countryOf(one))).toEqual(['DE', 'US', 'FR', 'unknown']);
  });
});

const prefixLine = ({ first, bits, code }: NaiveNetwork): string =>
  `${toText(first)}/${isIpv4(first) ? bits - 96 : bits},${code}`;

/** The code of the error that a table gives; `undefined` if it can be read. */
function codeOf(files: readonly string[]): string | undefined {
  try {
    readCountryTable(files);
  } catch (error) {
    if (error instanceof CountryTableError) return error.code;
    throw error;
  }
  return undefined;
}

describe('a table of countries', () => {
  const good = writeMmdb([{ bits: [1, 1, 0, 0, 0], record: { country_code: 'US' } }], 4);

  it.each<readonly [what: string, content: string | Buffer, code: string, why: RegExp]>([
    ['is empty', '', 'malformed', /names no country/],
    ['has another format', '{"ip":"1.2.3.4"}', 'malformed', /line 1 is neither start,end,CC/],
    ['has a cut line', '1.0.0.0/8,DE\n2.0.0', 'malformed', /line 2/],
    ['has a network that is too long', '1.0.0.0/33,DE', 'malformed', /line 1/],
    ['has a range that ends before it begins', '2.0.0.0,1.0.0.0,DE', 'malformed', /line 1/],
    ['has a range of both families', '1.0.0.0,2001:db8::,DE', 'malformed', /line 1/],
    ['has the form with numbers', '16777216,16777471,AU', 'malformed', /line 1/],
    ['has ranges that cross', '1.0.0.0,1.0.0.9,DE\n1.0.0.5,1.0.0.20,FR', 'malformed', /cross/],
    ['has names of countries', '1.0.0.0/8,Germany', 'malformed', /line 1/],
    ['names none', '1.0.0.0/8,ZZ', 'malformed', /names no country/],
    ['is half an mmdb file', good.subarray(0, 20), 'malformed', /line 1/],
    ['has lost its tree', good.subarray(30), 'malformed', /damaged|names no country/],
    [
      'is an mmdb file of something else',
      writeMmdb([{ bits: [1, 0], record: { asn: 64_496 } }], 4),
      'malformed',
      /names no country/,
    ],
  ])('that %s is refused with its file and the reason', (_what, content, code, why) => {
    const files = write(content);
    const read = (): unknown => readCountryTable(files);
    expect(codeOf(files)).toBe(`country_table_${code}`);
    expect(read).toThrow(why);
    expect(read).toThrow(`"${files[0]}": `);
  });

  it('that is missing, a folder or too large is refused', () => {
    const [large = ''] = write('');
    truncateSync(large, 256 * 1024 * 1024 + 1);
    const folder = temporaryFolder();
    for (const [file, code] of [
      [join(folder, 'missing.csv'), 'country_table_missing'],
      [join(large, 'table.csv'), 'country_table_missing'],
      [folder, 'country_table_unreadable'],
      [large, 'country_table_too_large'],
    ] as const) {
      expect([file, codeOf([file])]).toEqual([file, code]);
    }
  });
});
