import { findIdPlace, type IdentitySources } from './id-place.js';
import { findSecret } from './owner-secret.js';
import { proofFor } from './ownership.js';

/** A stored ID. */
export interface StoredIdentity {
  readonly key: string;
  readonly anonymousId: string;
  /** The proof for the endpoint. Absent if there is no secret to make it with. */
  readonly proof?: string;
}

/**
 * The ID that is stored for the reports of an endpoint, and the proof for it. Stores nothing.
 *
 * @returns `undefined` if there is none, `unreadable` if one is stored that cannot be read
 */
export async function findStoredIdentity(
  sources: IdentitySources,
): Promise<StoredIdentity | 'unreadable' | undefined> {
  const { key, found } = await findIdPlace(sources);
  if (!found.identity) return found.isUnreadable ? 'unreadable' : undefined;
  const secret = await findSecret(sources.storage, key);
  return {
    key,
    anonymousId: found.identity.anonymous_id,
    ...(secret !== undefined && { proof: proofFor(secret, sources) }),
  };
}
