import { COLLECTORS_KEY } from '../file-names.js';
import type { Endpoint } from '../project/endpoint.js';
import { parseEndpoint } from '../project/parse-endpoint.js';
import type { KeyValueStorage } from '../storage/storage.js';

/** An install with more collectors forgets the first ones. */
const MAX_COLLECTORS = 50;
/** A longer text was not written by this package. */
const MAX_TEXT_LENGTH = 128 * 1024;

/**
 * The collectors that have acknowledged reports of this install, in the order of their first
 * acknowledgement. Never rejects: without a readable list, it is empty.
 */
export async function knownCollectors(storage: KeyValueStorage): Promise<readonly Endpoint[]> {
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
export async function rememberCollector(storage: KeyValueStorage, url: string): Promise<boolean> {
  const known = (await knownCollectors(storage)).map((collector) => collector.url);
  if (known.includes(url)) return true;
  try {
    await storage.set(COLLECTORS_KEY, JSON.stringify([...known, url].slice(-MAX_COLLECTORS)));
    return true;
  } catch {
    return false; // a full disk: the next acknowledgement tries again
  }
}

/** Reads a list. Entries that are no usable address are left out. */
export function parseCollectors(text: unknown): readonly Endpoint[] {
  if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH) return [];
  const found = new Map<string, Endpoint>();
  for (const entry of entriesOf(text)) {
    // Plain http is allowed: the app had allowed it when it sent reports there.
    const endpoint = typeof entry === 'string' && parseEndpoint(entry, { allowInsecure: true });
    if (typeof endpoint === 'object') found.set(endpoint.url, endpoint);
  }
  return [...found.values()].slice(-MAX_COLLECTORS);
}

function entriesOf(text: string): readonly unknown[] {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : [];
  } catch {
    return []; // not written by this package
  }
}
