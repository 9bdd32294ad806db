import type { AddressWords } from './address-words.js';
import { CountryTableError } from './country-table-error.js';

/** Ranges that a table may have; those of countries have less than a million. */
const MAX_RANGES = 4_000_000;

const WORDS = 8;

/**
 * Ranges of addresses with their countries, in the order of the table. They are columns of numbers: a
 * million objects would take 150 MB.
 */
export class RangeList {
  #words = new Uint32Array(WORDS * 1024);
  #countries = new Uint16Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @throws `country_table_too_large` */
  add(start: AddressWords, end: AddressWords, country: number): void {
    if (this.#size === MAX_RANGES) {
      throw new CountryTableError(
        'country_table_too_large',
        `it has more than ${MAX_RANGES} ranges of addresses`,
      );
    }
    if (this.#size === this.#countries.length) this.#grow();
    this.#words.set(start, this.#size * WORDS);
    this.#words.set(end, this.#size * WORDS + 4);
    this.#countries[this.#size++] = country;
  }

  start(range: number): AddressWords {
    return this.#address(range * WORDS);
  }

  end(range: number): AddressWords {
    return this.#address(range * WORDS + 4);
  }

  country(range: number): number {
    return this.#countries[range] ?? 0;
  }

  /**
   * The ranges, those that begin earlier first; of those that begin together the longer first, and of equal
   * ones the earlier of the table.
   */
  inOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.#size }, (_, range) => range);
    const compare = (a: number, b: number): number => {
      for (let at = 0; at < WORDS; at++) {
        const difference = this.#word(a * WORDS + at) - this.#word(b * WORDS + at);
        if (difference !== 0) return at < 4 ? difference : -difference;
      }
      return a - b;
    };
    // Tables mostly are in order.
    return order.every((range) => range === 0 || compare(range - 1, range) < 0)
      ? order
      : order.sort(compare);
  }

  #word(at: number): number {
    return this.#words[at] ?? 0;
  }

  #address(at: number): AddressWords {
    return [this.#word(at), this.#word(at + 1), this.#word(at + 2), this.#word(at + 3)];
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    const countries = new Uint16Array(this.#countries.length * 2);
    countries.set(this.#countries);
    this.#countries = countries;
  }
}
