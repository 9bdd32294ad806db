import type { Identity } from '../report/draft.js';
import { type IdentitySources, resolveIdentity } from './anonymous-id.js';

/**
 * The ID that this user's reports have had or would have, as far as it does not depend on chance:
 * the stored one, or the one made from the machine. Stores nothing.
 */
export async function findIdentity(sources: IdentitySources): Promise<Identity | undefined> {
  const storage = {
    isPersistent: sources.storage.isPersistent ?? true,
    get: (key: string) => sources.storage.get(key),
    set: () => undefined,
    setIfAbsent: (_key: string, value: string) => value,
    remove: () => undefined,
  };
  const found = await resolveIdentity({ ...sources, storage, timeId: () => NONE });
  return found.anonymous_id === NONE ? undefined : found;
}

const NONE = '';
