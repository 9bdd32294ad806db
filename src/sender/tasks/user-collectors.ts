import { isSame, type KnownCollector, knownCollectors } from '../../delivery/known-collectors.js';
import { DEFAULT_ENDPOINT, type Endpoint, isThisMachines } from '../../project/endpoint.js';
import type { StoredIdentity } from '../identity/find-stored-identity.js';
import { appRecordOf, clientCollectors, recordedCollector } from './recorded-collectors.js';
import type { TaskParts } from './task.js';
import type { UnknownCollectors } from './user-answers.js';

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
 * Finds all collectors to ask about this user: those that have acknowledged reports, those that
 * clients in other languages and the app's record name, and the one that is named now. An ID goes
 * only to collectors that have got reports of it, or would.
 *
 * @returns `unreadable` if an ID is stored that cannot be read; `unknown-collector` if one is stored,
 * and nothing tells where its reports went
 */
export async function userCollectors({
  job,
  storage,
  files,
  findStoredIdentity,
}: Pick<TaskParts, 'job' | 'storage' | 'files' | 'findStoredIdentity'>): Promise<
  UserData | UnknownCollectors
> {
  const named = job.endpoint;
  const collectors: UserCollector[] = [];
  const idKeys = new Set<string>();
  for (const { endpoint, anonymousId } of await knownCollectors(storage)) {
    const stored = await findStoredIdentity(endpoint);
    if (stored === 'unreadable') return stored;
    // Other machines that share this home have other IDs.
    if (stored?.anonymousId !== anonymousId) continue;
    idKeys.add(stored.key);
    collectors.push({ ...stored, endpoint: addressNow(endpoint, named), isRemembered: true });
  }
  const record = appRecordOf({ job, files });
  const others = [
    ...clientCollectors({ job, files }),
    ...(record ? recordedCollector(record) : []),
    // Most machines have no collector at the default address.
    ...(named.implicit ? [] : [named]),
  ];
  for (const endpoint of others) {
    const stored = await findStoredIdentity(endpoint);
    if (stored === 'unreadable') return stored;
    if (stored?.proof === undefined) continue;
    idKeys.add(stored.key);
    const found = { ...stored, endpoint, isRemembered: false };
    if (!collectors.some((collector) => isSame(collector, found))) collectors.push(found);
  }
  // Reports of these IDs went to collectors that no variable names.
  for (const endpoint of [THIS_MACHINE, named]) {
    const stored = await findStoredIdentity(endpoint);
    if (stored === 'unreadable') return stored;
    if (!stored) continue;
    const isAsked = collectors.some(({ key }) => key === stored.key);
    if (stored.proof !== undefined && !isAsked && job.folders && !record) {
      return 'unknown-collector';
    }
    idKeys.add(stored.key);
  }
  return { collectors, idKeys: [...idKeys] };
}

/** Its ID is that of all endpoints which no variable names. */
const THIS_MACHINE: Endpoint = { url: DEFAULT_ENDPOINT, form: 'batch', implicit: true };

/** The collector of this machine may have another port now. */
export const addressNow = (endpoint: Endpoint, named: Endpoint): Endpoint =>
  isThisMachines(endpoint) && isThisMachines(named) ? named : endpoint;
