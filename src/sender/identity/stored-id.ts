import type { Identity } from '../../report/draft.js';
import { FORGOTTEN_ID, type KeyValueStorage } from '../../storage/storage.js';

/** What is stored under the key of an ID. */
export interface StoredId {
  readonly identity?: Identity;
  /** The check of the machine that stored it; absent if the machine was unknown. */
  readonly check?: string;
  /** Something else than an ID is stored. */
  readonly isJunk: boolean;
  /** The user was forgotten: the next ID must not be made from the machine. */
  readonly isForgotten: boolean;
  /** Something is stored and cannot be read. */
  readonly isUnreadable?: true;
}

/** An ID, the way it was first made, and the machine's check. */
const STORED = /^([0-9a-f]{16}) (machine|time|copied)(?: ([0-9a-f]{16}))?$/;

/** The text that stores an ID. */
export const storedText = (
  id: string,
  source: 'machine' | 'time' | 'copied',
  check: string | undefined,
): string => [id, source, ...(check === undefined ? [] : [check])].join(' ');

/** Reads the ID under a key. What cannot be read counts as junk, and is replaced if possible. */
export async function readStored(storage: KeyValueStorage, key: string): Promise<StoredId> {
  try {
    return parseStored(await storage.get(key));
  } catch {
    return { isJunk: true, isForgotten: false, isUnreadable: true };
  }
}

/** Stores an ID if there is none. Resolves with the ID that is stored then, if any. */
export async function storeFirst(
  storage: KeyValueStorage,
  key: string,
  value: string,
  isJunk: boolean,
): Promise<Identity | undefined> {
  try {
    if (isJunk) await storage.remove(key);
    await storage.setIfAbsent(key, value);
    // Read back: only what the next run will find counts as stored.
    return parseStored(await storage.get(key)).identity;
  } catch {
    return undefined; // a read-only home or a full disk: reports say `id_persisted: false`
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
