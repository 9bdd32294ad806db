import { type AddressWords, nextWords, toText } from './address-words.js';
import { COUNTRY_CODES, NO_COUNTRY } from './country-codes.js';
import { CountryTableError } from './country-table-error.js';
import type { RangeList } from './range-list.js';

/**
 * Countries by address: from each start, of four words, up to the next one. Plain arrays, so that they can go from one
 * thread to another.
 */
export interface CountryRanges {
  readonly starts: Uint32Array;
  readonly countries: Uint16Array;
}

/** The country of an address; `undefined` if it has none. */
export function findCountry(
  { starts, countries }: CountryRanges,
  [a, b, c, d]: AddressWords,
): string | undefined {
  let from = 0;
  let to = countries.length;
  // The last range that begins at or before the address is in front of `from` in the end.
  while (from < to) {
    const middle = (from + to) >>> 1;
    const at = middle * 4;
    const difference =
      (starts[at] ?? 0) - a ||
      (starts[at + 1] ?? 0) - b ||
      (starts[at + 2] ?? 0) - c ||
      (starts[at + 3] ?? 0) - d;
    if (difference <= 0) from = middle + 1;
    else to = middle;
  }
  return from === 0 ? undefined : COUNTRY_CODES[countries[from - 1] ?? NO_COUNTRY];
}

/**
 * Puts ranges side by side. Of ranges that contain each other the shortest counts, as in routing; of equal ones
 * the last.
 *
 * @throws `country_table_malformed` if ranges cross.
 */
export function joinRanges(list: RangeList): CountryRanges {
  const starts: number[] = [];
  const countries: number[] = [];
  const begin = (start: AddressWords, country: number): void => {
    const isSame = starts.length > 0 && start.every((word, at) => starts.at(at - 4) === word);
    if (isSame) {
      starts.length -= 4;
      countries.length--;
    }
    if ((countries.at(-1) ?? NO_COUNTRY) === country) return;
    starts.push(...start);
    countries.push(country);
  };
  /** The ranges around the present address, the longest first. */
  const around: { readonly end: AddressWords; readonly range: number }[] = [];
  const countryHere = (): number => {
    const inner = around.at(-1);
    return inner === undefined ? NO_COUNTRY : list.country(inner.range);
  };
  /** Ends the ranges that end before an address; without one, all. */
  const endBefore = (address: AddressWords | undefined): void => {
    for (let inner = around.at(-1); inner !== undefined; inner = around.at(-1)) {
      if (address !== undefined && compareWords(inner.end, address) >= 0) return;
      around.pop();
      const next = nextWords(inner.end);
      if (next !== undefined) begin(next, countryHere());
    }
  };
  for (const range of list.inOrder()) {
    const [start, end] = [list.start(range), list.end(range)];
    endBefore(start);
    const outer = around.at(-1);
    if (outer !== undefined && compareWords(end, outer.end) > 0) {
      throw new CountryTableError(
        'country_table_malformed',
        `ranges cross: ${spanOf(list, outer.range)} and ${spanOf(list, range)}`,
      );
    }
    around.push({ end, range });
    begin(start, list.country(range));
  }
  endBefore(undefined);
  return { starts: Uint32Array.from(starts), countries: Uint16Array.from(countries) };
}

const spanOf = (list: RangeList, range: number): string =>
  `${toText(list.start(range))} to ${toText(list.end(range))}`;

/** Negative if the first is earlier. */
export function compareWords(a: AddressWords, b: AddressWords): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}
