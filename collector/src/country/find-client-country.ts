import { UNKNOWN } from '../rules/dimensions.js';
import { toClientWords } from './address-words.js';
import { type CountryRanges, findCountry } from './country-ranges.js';
import { isLocal } from './is-local.js';

/**
 * The country of a client's address: a code of ISO 3166-1 such as `DE`, or `unknown` where the table has none,
 * and for addresses of this machine and of private networks.
 */
export function findClientCountry(ranges: CountryRanges, address: string): string {
  const words = toClientWords(address);
  if (words === undefined || isLocal(words)) return UNKNOWN;
  return findCountry(ranges, words) ?? UNKNOWN;
}
