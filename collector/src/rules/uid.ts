import { createHmac, type KeyObject } from 'node:crypto';

/** Bytes of a {@link deriveUid}. */
export const UID_BYTES = 16;

/** Whether an ID is that of a build farm: many share it, and nobody owns it. */
export function isSharedId(anonymousId: string): boolean {
  return anonymousId.startsWith('ci-');
}

/** The keyed hash that identifies a user in a project. It cannot be computed without the pepper. */
export function deriveUid(
  pepper: Uint8Array | KeyObject,
  project: string,
  anonymousId: string,
): Buffer {
  // As text first, since each digest in bytes would allocate memory outside the heap.
  const digest = createHmac('sha256', pepper).update(`${project}\0${anonymousId}`).digest('hex');
  return Buffer.from(digest.slice(0, 2 * UID_BYTES), 'hex');
}
