import type { Identity } from '../report/draft.js';
import { findIdPlace, type IdentitySources } from './anonymous-id.js';

/** An ID that is known. */
export interface KnownIdentity extends Identity {
  /** What it is or would be kept under; absent where it is handed down, and kept nowhere here. */
  readonly key?: string;
}

/**
 * The ID that this user's reports have had or would have, as far as it does not depend on chance:
 * the one handed down, else the stored one, else the one made from the machine. Stores nothing.
 *
 * @returns `undefined` where there is none, `unreadable` where one is kept that cannot be read
 */
export async function findIdentity(
  sources: IdentitySources,
  givenId?: string,
): Promise<KnownIdentity | 'unreadable' | undefined> {
  if (givenId !== undefined) {
    return { anonymous_id: givenId, id_source: 'given', id_persisted: true };
  }
  const { key, found, fingerprint, isCopied } = await findIdPlace(sources);
  if (found.identity) return { ...found.identity, key };
  if (!fingerprint || found.isForgotten) return found.isUnreadable ? 'unreadable' : undefined;
  const id_source = isCopied ? 'copied' : 'machine';
  return { anonymous_id: fingerprint.id, id_source, id_persisted: false, key };
}
