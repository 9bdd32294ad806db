import { COLLECTORS_KEY } from '../file-names.js';
import { type Endpoint, isThisMachines } from '../project/endpoint.js';
import { parseEndpoint } from '../project/parse-endpoint.js';
import type { KeyValueStorage } from '../storage/storage.js';
import { isRecord } from '../type-guards.js';

/** A collector that has acknowledged reports, and the ID in them. */
export interface KnownCollector {
  readonly endpoint: Endpoint;
  readonly anonymousId: string;
}

/** An install with more collectors forgets the first ones. */
const MAX_COLLECTORS = 50;
/** A longer text was not written by this package. */
const MAX_TEXT_LENGTH = 128 * 1024;
const ID = /^[0-9a-f]{16}$/;

/**
 * The collectors that have acknowledged reports of this install, in the order of their first
 * acknowledgement. Never rejects: without a readable list, it is empty.
 */
export async function knownCollectors(
  storage: KeyValueStorage,
): Promise<readonly KnownCollector[]> {
  try {
    return parseCollectors(await storage.get(COLLECTORS_KEY));
  } catch {
    return [];
  }
}

/**
 * Adds a collector that has acknowledged reports, unless it is known. Called before the reports
 * are deleted: after a crash in between, they are sent, and the collector is added, again.
 *
 * @returns whether the list has the collector now
 */
export async function rememberCollector(
  storage: KeyValueStorage,
  added: KnownCollector,
): Promise<boolean> {
  const known = await knownCollectors(storage);
  const found = known.find((collector) => isSame(collector, added));
  if (found?.endpoint.url === added.endpoint.url) return true;
  try {
    // The collector of this machine may have another port now.
    const others = known.filter((collector) => collector !== found);
    await save(storage, [...others, added].slice(-MAX_COLLECTORS));
    return true;
  } catch {
    return false; // a full disk: the next acknowledgement tries again
  }
}

/** Removes collectors from the list. Rejects if the storage fails. */
export async function removeCollectors(
  storage: KeyValueStorage,
  removed: readonly KnownCollector[],
): Promise<void> {
  const known = await knownCollectors(storage);
  const left = known.filter((one) => !removed.some((other) => isSame(one, other)));
  if (left.length < known.length) await save(storage, left);
}

/** Whether both are the same collector and ID, with the same proof. */
export const isSame = (one: KnownCollector, other: KnownCollector): boolean =>
  one.anonymousId === other.anonymousId && placeOf(one.endpoint) === placeOf(other.endpoint);

const placeOf = (endpoint: Endpoint): string =>
  isThisMachines(endpoint)
    ? 'this machine'
    : `${endpoint.fromEnvironment ? 'variable' : 'named'} ${endpoint.url}`;

/** The stored form of a collector. */
export const collectorEntry = ({ endpoint, anonymousId }: KnownCollector): object => ({
  url: endpoint.url,
  anonymous_id: anonymousId,
  ...(isThisMachines(endpoint) && { this_machine: true }),
  ...(endpoint.fromEnvironment && { from_environment: true }),
});

async function save(
  storage: KeyValueStorage,
  collectors: readonly KnownCollector[],
): Promise<void> {
  await storage.set(COLLECTORS_KEY, JSON.stringify(collectors.map(collectorEntry)));
}

/** Reads a list. Entries without a usable address or ID are left out. */
function parseCollectors(text: unknown): readonly KnownCollector[] {
  return entriesIn(text)
    .flatMap((entry) => parseCollector(entry) ?? [])
    .slice(-MAX_COLLECTORS);
}

/** Reads the stored form of a collector; `undefined` if it is none. */
export function parseCollector(
  entry: Readonly<Record<string, unknown>>,
): KnownCollector | undefined {
  const { url, anonymous_id: anonymousId, this_machine, from_environment } = entry;
  if (typeof url !== 'string' || typeof anonymousId !== 'string' || !ID.test(anonymousId)) return;
  // Plain http is allowed: the app had allowed it when it sent reports there.
  const parsed = parseEndpoint(url, { allowInsecure: true, implicit: this_machine === true });
  if (typeof parsed === 'string') return;
  const endpoint =
    from_environment === true ? { ...parsed, fromEnvironment: true as const } : parsed;
  return { endpoint, anonymousId };
}

/** The objects in a JSON list; none if the text is no such list. */
export function entriesIn(text: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH) return [];
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json.filter(isRecord) : [];
  } catch {
    return []; // not written by this package
  }
}
