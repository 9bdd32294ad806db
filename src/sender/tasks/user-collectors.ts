import { type KnownCollector, knownCollectors } from '../../delivery/known-collectors.js';
import { type Endpoint, isThisMachines } from '../../project/endpoint.js';
import type { StoredIdentity } from '../identity/find-stored-identity.js';
import type { TaskParts } from './task.js';

/** A collector that may have data of an ID that is stored here. */
export interface UserCollector extends KnownCollector, StoredIdentity {
  /** Whether it has acknowledged reports of this ID. */
  readonly isRemembered: boolean;
}

/** The IDs of this user that are stored here, and the collectors that may know them. */
export interface UserData {
  readonly collectors: readonly UserCollector[];
  /** The keys of the IDs, also of those that no collector knows. */
  readonly idKeys: readonly string[];
}

/**
 * Finds all collectors to ask about this user: those that have acknowledged reports, and the one
 * that is named now. An ID goes only to collectors that have got reports of it, or would.
 *
 * @returns `unreadable` if an ID is stored that cannot be read
 */
export async function userCollectors({
  job,
  storage,
  findStoredIdentity,
}: TaskParts): Promise<UserData | 'unreadable'> {
  const named = job.endpoint;
  const known = await knownCollectors(storage);
  const collectors: UserCollector[] = [];
  const idKeys = new Set<string>();
  for (const { endpoint, anonymousId } of known) {
    const stored = await findStoredIdentity(endpoint);
    if (stored === 'unreadable') return stored;
    // Other machines that share this home have other IDs.
    if (stored?.anonymousId !== anonymousId) continue;
    idKeys.add(stored.key);
    collectors.push({ ...stored, endpoint: addressNow(endpoint, named), isRemembered: true });
  }
  const ofNamed = await findStoredIdentity(named);
  if (ofNamed === 'unreadable') return ofNamed;
  const isKnown = collectors.some(({ endpoint }) => endpoint.url === named.url);
  if (ofNamed) idKeys.add(ofNamed.key);
  // Most machines have no collector at the default address.
  if (ofNamed?.proof !== undefined && !isKnown && !named.implicit) {
    collectors.push({ ...ofNamed, endpoint: named, isRemembered: false });
  }
  return { collectors, idKeys: [...idKeys] };
}

/** The collector of this machine may have another port now. */
export const addressNow = (endpoint: Endpoint, named: Endpoint): Endpoint =>
  isThisMachines(endpoint) && isThisMachines(named) ? named : endpoint;
