import { expect, it } from 'vitest';
import { readRedisAddress } from '../../src/shared-answers/redis-address.js';

it.each([
  ['redis://cache', []],
  ['redis://cache:7000/', []],
  ['redis://cache/0', []],
  ['redis://cache/3', [['SELECT', '3']]],
  ['redis://:secret@cache', [['AUTH', 'secret']]],
  ['redis://ann@cache', [['AUTH', 'ann', '']]],
  [
    'rediss://ann:a%2Fb%20c@cache:6380/12',
    [
      ['AUTH', 'ann', 'a/b c'],
      ['SELECT', '12'],
    ],
  ],
])('%s tells who asks, and for which database', (address, greetings) => {
  expect(readRedisAddress(address).greetings).toEqual(greetings);
});
