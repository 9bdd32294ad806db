import type { Identity } from '../report/draft.js';
import { findIdPlace, type IdentitySources } from './anonymous-id.js';

/** An ID that is known, and the key it is or would be kept under. */
export interface KnownIdentity extends Identity {
  readonly key: string;
}

/**
 * The ID that this user's reports have had or would have, as far as it does not depend on chance:
 * the stored one, or the one made from the machine. Stores nothing.
 */
export async function findIdentity(sources: IdentitySources): Promise<KnownIdentity | undefined> {
  const { key, found, fingerprint, isCopied } = await findIdPlace(sources);
  if (found.identity) return { ...found.identity, key };
  if (!fingerprint || found.isForgotten) return undefined;
  const id_source = isCopied ? 'copied' : 'machine';
  return { anonymous_id: fingerprint.id, id_source, id_persisted: false, key };
}
