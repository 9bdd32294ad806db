import type { Identity } from '../report/draft.js';
import { ID_KEY, type KeyValueStorage } from '../storage/storage.js';
import { type Fingerprint, fingerprintOf, type Machine } from './machine-id.js';
import { readStored, storedText, type StoredId, storeFirst } from './stored-id.js';

/** What the ID is made from. */
export interface IdentitySources {
  readonly project: string;
  readonly storage: KeyValueStorage;
  /** Containers carry the machine ID of their image: thousands of users would be one. */
  readonly container: boolean;
  readonly machine: Machine;
  /** 16 hex digits that nobody else gets: the last source. */
  readonly timeId: () => string;
}

/** Where this machine's ID is, or would be. */
export interface IdPlace {
  readonly key: string;
  readonly found: StoredId;
  readonly fingerprint: Fingerprint | undefined;
  /** The home, with an ID in it, came from another machine. */
  readonly isCopied: boolean;
}

/**
 * The anonymous ID of this user on this machine for one project. Three sources, in this order:
 *
 * 1. **stored**: the ID a former run has kept. What is no ID there is replaced.
 * 2. **machine**: a hash of the machine ID and the user, keyed by the project.
 * 3. **time**: MD5 over the moment and 16 random bytes.
 *
 * After the user was forgotten the machine is left out: it would give the ID that was deleted.
 *
 * A new ID is stored at once and exclusively: of many first runs at the same time, all get the one
 * that came first. Where it cannot be stored, the report says so (`id_persisted: false`).
 *
 * Beside the ID stands a check of the machine. A home that was copied to another machine (a cloned
 * image, a synced folder) is told by it: that machine gets an ID of its own, under a key of its
 * own, so that machines which share one home do not take each other's away.
 */
export async function resolveIdentity(sources: IdentitySources): Promise<Identity> {
  const { storage } = sources;
  const { key, found, fingerprint, isCopied } = await findIdPlace(sources);
  const check = fingerprint?.check;
  if (found.identity) {
    if (found.check === undefined && check !== undefined) {
      await addCheck(storage, key, found.identity, check);
    }
    return asKept(found.identity, storage);
  }
  const fromMachine = found.isForgotten ? undefined : fingerprint?.id;
  const made = fromMachine ?? sources.timeId();
  const id_source = fromMachine === undefined ? 'time' : isCopied ? 'copied' : 'machine';
  const kept = await storeFirst(storage, key, storedText(made, id_source, check), found.isJunk);
  return kept ? asKept(kept, storage) : { anonymous_id: made, id_source, id_persisted: false };
}

/** Looks for this machine's ID; stores nothing. */
export async function findIdPlace(sources: IdentitySources): Promise<IdPlace> {
  const { project, storage, machine } = sources;
  const found = await readStored(storage, ID_KEY);
  const fingerprint = sources.container ? undefined : await fingerprintOf(project, machine);
  const isCopied =
    found.check !== undefined && fingerprint !== undefined && found.check !== fingerprint.check;
  if (!isCopied) return { key: ID_KEY, found, fingerprint, isCopied };
  const key = `${ID_KEY}.${fingerprint.check.slice(0, 8)}`;
  return { key, found: await readStored(storage, key), fingerprint, isCopied };
}

const asKept = (identity: Identity, { isPersistent = true }: KeyValueStorage): Identity => ({
  ...identity,
  id_persisted: isPersistent,
});

/** For an ID that was made when the machine could not be told: from now on a copy can. */
async function addCheck(
  storage: KeyValueStorage,
  key: string,
  { anonymous_id, id_source }: Identity,
  check: string,
): Promise<void> {
  if (id_source === 'given' || id_source === 'ci') return; // never stored
  try {
    await storage.set(key, storedText(anonymous_id, id_source, check));
  } catch {
    return; // a read-only home: the ID itself is there
  }
}
