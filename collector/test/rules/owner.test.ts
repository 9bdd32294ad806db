import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashOwner, isOwner, isProof, ownerOfProof } from '../../src/rules/owner.js';
import { deriveUid } from '../../src/rules/uid.js';

const pepper = Buffer.alloc(32, 1);
const proof = '7f'.repeat(32);

describe('an owner', () => {
  it('is the first 32 hex digits of SHA-256 over the text of the proof', () => {
    const digest = createHash('sha256').update(Buffer.from(proof, 'utf8')).digest('hex');
    expect(ownerOfProof(proof)).toBe(digest.slice(0, 32));
    expect(isOwner(ownerOfProof(proof))).toBe(true);
  });

  it.each([
    undefined,
    null,
    7,
    '',
    'a'.repeat(31),
    'a'.repeat(33),
    'A'.repeat(32),
    `${'a'.repeat(32)}\n`,
  ])('is not %j', (value) => {
    expect(isOwner(value)).toBe(false);
  });

  it.each([undefined, '', '7f'.repeat(31), `${proof}0`, proof.toUpperCase(), ` ${proof}`])(
    'is not proved by %j',
    (token) => {
      expect(isProof(token)).toBe(false);
    },
  );

  it('is kept as a keyed hash, which differs with each of its parts', () => {
    const expected = createHmac('sha256', pepper).update('acme\0ada\0o').digest().subarray(0, 16);
    expect(hashOwner(pepper, 'acme', 'ada', 'o')).toEqual(expected);
    const hashes = [
      hashOwner(pepper, 'acme', 'ada', 'o'),
      hashOwner(Buffer.alloc(32, 2), 'acme', 'ada', 'o'),
      hashOwner(pepper, 'acme2', 'ada', 'o'),
      hashOwner(pepper, 'acme', 'bob', 'o'),
      hashOwner(pepper, 'acme', 'ada', 'p'),
      // The hash that stands for the user tells nothing of the owner's.
      deriveUid(pepper, 'acme', 'ada'),
    ];
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(hashes.length);
  });
});
