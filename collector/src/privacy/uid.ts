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
  return createHmac('sha256', pepper)
    .update(`${project}\0${anonymousId}`)
    .digest()
    .subarray(0, UID_BYTES);
}
