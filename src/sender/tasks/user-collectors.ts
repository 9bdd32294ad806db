import { type KnownCollector, knownCollectors } from '../../delivery/known-collectors.js';
import { APP_RECORD } from '../../file-names.js';
import { parseAppRecord } from '../../project/app-record.js';
import { type Endpoint, isThisMachines } from '../../project/endpoint.js';
import type { StoredIdentity } from '../identity/find-stored-identity.js';
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
 * Finds all collectors to ask about this user: those that have acknowledged reports, and the one
 * that is named now. An ID goes only to collectors that have got reports of it, or would.
 *
 * @returns `unreadable` if an ID is stored that cannot be read; `unknown-collector` if a client of
 * another language has stored one, and nothing tells where it reports to
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
  if (ofNamed?.proof !== undefined && collectors.length === 0 && !hasRecord({ job, files })) {
    return 'unknown-collector';
  }
  return { collectors, idKeys: [...idKeys] };
}

/** Whether the last run of a program says where it reports to. An app's own storage has no record. */
function hasRecord({ job: { folders }, files }: Pick<TaskParts, 'job' | 'files'>): boolean {
  return !folders || parseAppRecord(files.read(`${folders.state}/${APP_RECORD}`)) !== undefined;
}

/** The collector of this machine may have another port now. */
export const addressNow = (endpoint: Endpoint, named: Endpoint): Endpoint =>
  isThisMachines(endpoint) && isThisMachines(named) ? named : endpoint;
