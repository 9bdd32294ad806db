import { type AddressWords, prefixOf, toWords } from './address-words.js';
import { countryNumber } from './country-codes.js';
import { compareWords } from './country-ranges.js';
import { CountryTableError } from './country-table-error.js';
import type { RangeList } from './range-list.js';

/** What stands for a country: a code, or nothing. */
const CODE = /^([A-Za-z][A-Za-z\d])?$|^-$/;

/** Reads lines `start,end,CC` or `prefix/bits,CC`. Empty lines and those that begin with # are left out. */
export function readCsv(content: Buffer, list: RangeList): void {
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  let number = 0;
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 ? text.length : newline;
    readLine(text.slice(from, to).trim(), ++number, list);
    from = to + 1;
  }
}

function readLine(line: string, number: number, list: RangeList): void {
  if (line === '' || line.startsWith('#')) return;
  const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const code = cells.at(-1) ?? '';
  const range = readRange(cells.slice(0, -1));
  // Without what it says: a wrong file may hold anything.
  if (range === undefined || !CODE.test(code)) {
    throw new CountryTableError(
      'country_table_malformed',
      `line ${number} is neither start,end,CC nor prefix/bits,CC`,
    );
  }
  list.add(range.start, range.end, countryNumber(code));
}

interface Range {
  readonly start: AddressWords;
  readonly end: AddressWords;
}

function readRange(cells: readonly string[]): Range | undefined {
  const [first = '', last] = cells;
  if (cells.length === 1) return readPrefix(first);
  if (cells.length !== 2 || last === undefined) return undefined;
  const [start, end] = [toWords(first), toWords(last)];
  if (start === undefined || end === undefined) return undefined;
  const isOneFamily = first.includes(':') === last.includes(':');
  return isOneFamily && compareWords(start, end) <= 0 ? { start, end } : undefined;
}

function readPrefix(text: string): Range | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  const words = toWords(address);
  const longest = address.includes(':') ? 128 : 32;
  if (words === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  return Number(bits) > longest ? undefined : prefixOf(words, 128 - longest + Number(bits));
}
