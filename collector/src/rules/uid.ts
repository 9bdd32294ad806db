import { createHmac, type KeyObject } from 'node:crypto';

/** Bytes of a {@link deriveUid}. */
export const UID_BYTES = 16;

/**
 * What stands for a user from here on: a keyed hash that no one without the pepper can compute,
 * and that differs between projects.
 */
export function deriveUid(
  pepper: Uint8Array | KeyObject,
  project: string,
  anonymousId: string,
): Buffer {
  // By way of text: a digest as bytes has memory of its own, outside the heap, for each ID.
  const digest = createHmac('sha256', pepper).update(`${project}\0${anonymousId}`).digest('hex');
  return Buffer.from(digest.slice(0, 2 * UID_BYTES), 'hex');
}
