import { type AddressWords, prefixOf, toWords } from './address-words.js';
import { findCountry, joinRanges } from './country-ranges.js';
import { RangeList } from './range-list.js';

/** Addresses that mean another machine in each network: of this machine, private, of one link. */
const LOCAL = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.168.0.0/16', '::/127', 'fc00::/7', 'fe80::/10'],
];

const ranges = joinRanges(
  LOCAL.reduce((list, network) => {
    const [address = '', bits] = network.split('/');
    const words = toWords(address);
    if (words === undefined) return list;
    const { start, end } = prefixOf(words, (address.includes(':') ? 0 : 96) + Number(bits));
    list.add(start, end, 0);
    return list;
  }, new RangeList()),
);

/** Whether an address has no country by its nature, whatever a table says of it. */
export const isLocal = (address: AddressWords): boolean =>
  findCountry(ranges, address) !== undefined;
