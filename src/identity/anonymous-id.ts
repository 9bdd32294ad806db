import type { Identity } from '../report/draft.js';
import { FORGOTTEN_ID, ID_KEY, type KeyValueStorage } from '../storage/storage.js';
import { machineId, type Machine } from './machine-id.js';

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

const STORED = /^([0-9a-f]{16}) (machine|time)$/;

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
 */
export async function resolveIdentity(sources: IdentitySources): Promise<Identity> {
  const found = await readStored(sources.storage);
  if (found.identity) return asKept(found.identity, sources.storage);
  const fromMachine =
    sources.container || found.isForgotten
      ? undefined
      : await machineId(sources.project, sources.machine);
  const made = fromMachine ?? sources.timeId();
  const id_source = fromMachine === undefined ? 'time' : 'machine';
  const kept = await keep(sources.storage, `${made} ${id_source}`, found.isJunk);
  return kept
    ? asKept(kept, sources.storage)
    : { anonymous_id: made, id_source, id_persisted: false };
}

const asKept = (identity: Identity, { isPersistent = true }: KeyValueStorage): Identity => ({
  ...identity,
  id_persisted: isPersistent,
});

async function readStored(
  storage: KeyValueStorage,
): Promise<{ identity?: Identity; isJunk: boolean; isForgotten?: boolean }> {
  try {
    const text = await storage.get(ID_KEY);
    const identity = parseStored(text);
    if (identity) return { identity, isJunk: false };
    return { isJunk: typeof text === 'string', isForgotten: text === FORGOTTEN_ID };
  } catch {
    return { isJunk: true }; // unreadable: made anew, and stored if that works
  }
}

async function keep(
  storage: KeyValueStorage,
  value: string,
  isJunk: boolean,
): Promise<Identity | undefined> {
  try {
    if (isJunk) await storage.remove(ID_KEY);
    await storage.setIfAbsent(ID_KEY, value);
    // Read back, not believed: only what the next run will find there counts as kept.
    return parseStored(await storage.get(ID_KEY));
  } catch {
    return undefined; // a read-only home, a full disk: this run's reports say it was not kept
  }
}

function parseStored(text: unknown): Identity | undefined {
  const [, anonymous_id, source] = (typeof text === 'string' && STORED.exec(text)) || [];
  if (anonymous_id === undefined) return undefined;
  return { anonymous_id, id_source: source === 'machine' ? 'machine' : 'time', id_persisted: true };
}
