import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveUid } from '../../src/rules/uid.js';

const pepper = Buffer.alloc(32, 1);

describe('what stands for a user', () => {
  it('is the first half of a keyed hash over project and ID', () => {
    const expected = createHmac('sha256', pepper).update('acme\0ada').digest().subarray(0, 16);
    expect(deriveUid(pepper, 'acme', 'ada')).toEqual(expected);
  });

  it('differs with each of its parts', () => {
    const uids = [
      deriveUid(pepper, 'acme', 'ada'),
      deriveUid(Buffer.alloc(32, 2), 'acme', 'ada'),
      deriveUid(pepper, 'acme2', 'ada'),
      deriveUid(pepper, 'acme', '2ada'),
    ];
    expect(new Set(uids.map((uid) => uid.toString('hex'))).size).toBe(uids.length);
  });
});
