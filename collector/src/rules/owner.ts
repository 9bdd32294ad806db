import { createHash, createHmac, type KeyObject } from 'node:crypto';

/** Bytes of a {@link hashOwner}. */
export const OWNER_HASH_BYTES = 16;

const OWNER = /^[0-9a-f]{32}$/;
const PROOF = /^[0-9a-f]{64}$/;

/** Whether a value is an owner, as a report names it. */
export function isOwner(value: unknown): value is string {
  return typeof value === 'string' && OWNER.test(value);
}

/** Whether a token has the form of a proof. */
export function isProof(token: string | undefined): token is string {
  return token !== undefined && PROOF.test(token);
}

/** The owner that a proof belongs to. The proof cannot be computed from it. */
export function ownerOfProof(proof: string): string {
  return createHash('sha256').update(proof).digest('hex').slice(0, 32);
}

/**
 * The keyed hash of an ID's owner. It differs for each ID, so that two IDs of one owner cannot be
 * linked.
 */
export function hashOwner(
  pepper: Uint8Array | KeyObject,
  project: string,
  anonymousId: string,
  owner: string,
): Buffer {
  // As text first, since each digest in bytes would allocate memory outside the heap.
  const digest = createHmac('sha256', pepper)
    .update(`${project}\0${anonymousId}\0${owner}`)
    .digest('hex');
  return Buffer.from(digest.slice(0, 2 * OWNER_HASH_BYTES), 'hex');
}
