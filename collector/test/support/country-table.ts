import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AtEnd, temporaryFolder } from './temporary-folder.js';

/** A small table of countries, in documentation's networks. */
export const COUNTRY_LINES = [
  '203.0.113.0,203.0.113.127,DE',
  '203.0.113.128,203.0.113.255,ZZ',
  '198.51.100.0/24,FR',
  '198.51.100.64/26,CH',
  '2001:db8::/32,JP',
];

/** Addresses with what they must count under. */
export const ADDRESSES: Readonly<Record<string, string>> = {
  '203.0.113.7': 'DE',
  '::ffff:203.0.113.7': 'DE',
  '198.51.100.9': 'FR',
  '198.51.100.70': 'CH',
  '2001:db8::1': 'JP',
  // The table has no country of ISO 3166-1 for it, nothing at all, or may not be asked.
  '203.0.113.210': 'unknown',
  '192.0.2.1': 'unknown',
  '127.0.0.1': 'unknown',
};

/** The file of a table, in a folder of its own. */
export function writeCountryTable(lines: readonly string[] = COUNTRY_LINES, atEnd?: AtEnd): string {
  const file = join(temporaryFolder(atEnd), 'countries.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
