import type { Identity } from '../../report/draft.js';
import { FORGOTTEN_ID, type KeyValueStorage } from '../../storage/storage.js';

/** What is kept where an ID should be. */
export interface StoredId {
  readonly identity?: Identity;
  /** The machine it was kept on; absent where that was not known. */
  readonly check?: string;
  /** Something is there that is no ID. */
  readonly isJunk: boolean;
  /** The user was forgotten: no ID may be made from the machine. */
  readonly isForgotten: boolean;
  /** Something is there and nobody can tell what. */
  readonly isUnreadable?: true;
}

/** An ID, the way it was first made, and the machine's check. */
const STORED = /^([0-9a-f]{16}) (machine|time|copied)(?: ([0-9a-f]{16}))?$/;

/** How an ID is kept. */
export const storedText = (
  id: string,
  source: 'machine' | 'time' | 'copied',
  check: string | undefined,
): string => [id, source, ...(check === undefined ? [] : [check])].join(' ');

/** Reads the ID under a key. What cannot be read counts as junk: it is made anew, and stored if that works. */
export async function readStored(storage: KeyValueStorage, key: string): Promise<StoredId> {
  try {
    return parseStored(await storage.get(key));
  } catch {
    return { isJunk: true, isForgotten: false, isUnreadable: true };
  }
}

/** Stores an ID where there is none, and answers with the one that is there now, if any is. */
export async function storeFirst(
  storage: KeyValueStorage,
  key: string,
  value: string,
  isJunk: boolean,
): Promise<Identity | undefined> {
  try {
    if (isJunk) await storage.remove(key);
    await storage.setIfAbsent(key, value);
    // Read back, not believed: only what the next run will find there counts as kept.
    return parseStored(await storage.get(key)).identity;
  } catch {
    return undefined; // a read-only home, a full disk: this run's reports say it was not kept
  }
}

function parseStored(text: unknown): StoredId {
  const [, id, source, check] = (typeof text === 'string' && STORED.exec(text)) || [];
  if (id === undefined) {
    return { isJunk: typeof text === 'string', isForgotten: text === FORGOTTEN_ID };
  }
  const id_source = source === 'machine' || source === 'copied' ? source : 'time';
  return {
    identity: { anonymous_id: id, id_source, id_persisted: true },
    ...(check !== undefined && { check }),
    isJunk: false,
    isForgotten: false,
  };
}
