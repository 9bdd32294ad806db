import { readFileSync, statSync } from 'node:fs';
import { hasCode } from '../has-code.js';
import { NO_COUNTRY } from './country-codes.js';
import { type CountryRanges, joinRanges } from './country-ranges.js';
import { CountryTableError } from './country-table-error.js';
import { RangeList } from './range-list.js';
import { readCsv } from './read-csv.js';
import { isMmdb, readMmdb } from './read-mmdb.js';

/** Bytes of a file at most. Tables of countries have less than 40 MB, those of cities about 130 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads the files of one table, CSV or mmdb. It takes about 1 s of processor time for a million ranges.
 *
 * @throws {@link CountryTableError}
 */
export function readCountryTable(files: readonly string[]): CountryRanges {
  const list = new RangeList();
  for (const file of files) {
    try {
      const content = readWhole(file);
      if (isMmdb(content)) readMmdb(content, list);
      else readCsv(content, list);
    } catch (error) {
      throw error instanceof CountryTableError ? withFile(error, file) : error;
    }
  }
  const named = files.join(',');
  try {
    const ranges = joinRanges(list);
    if (ranges.countries.every((country) => country === NO_COUNTRY)) {
      throw new CountryTableError('country_table_malformed', 'it names no country of ISO 3166-1');
    }
    return ranges;
  } catch (error) {
    throw error instanceof CountryTableError ? withFile(error, named) : error;
  }
}

function readWhole(file: string): Buffer {
  try {
    const stats = statSync(file);
    // A pipe would never end.
    if (!stats.isFile()) {
      throw new CountryTableError('country_table_unreadable', 'it is no file');
    }
    if (stats.size > MAX_BYTES) {
      throw new CountryTableError(
        'country_table_too_large',
        `it has ${stats.size} bytes, and may have ${MAX_BYTES}`,
      );
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof CountryTableError) throw error;
    const cause = { cause: error };
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) {
      throw new CountryTableError('country_table_missing', 'there is no such file', cause);
    }
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new CountryTableError('country_table_unreadable', `it cannot be read${code}`, cause);
  }
}

const withFile = ({ code, message, cause }: CountryTableError, file: string): CountryTableError =>
  new CountryTableError(code, `"${file}": ${message}`, { cause });
