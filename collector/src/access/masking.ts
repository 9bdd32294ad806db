import { createHmac } from 'node:crypto';

/** Bytes of the key that {@link maskUser} wants: fresh random ones for every answer. */
export const MASK_KEY_BYTES = 32;

/**
 * How a user is shown: tells users apart within one answer, and says nothing beyond it, since the
 * key is thrown away with the answer.
 */
export function maskUser(key: Uint8Array, uid: Uint8Array): string {
  return `${createHmac('sha256', key).update(uid).digest('hex').slice(0, 8)}****`;
}
