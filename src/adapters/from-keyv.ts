import type { KeyValueStorage } from '../storage/storage.js';
import { adaptStore, requireMethods, type StoreOptions } from './adapt-store.js';

/** The part of a Keyv that is used; any release from 4 has it. */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/**
 * Keeps the ID and the user's choice in a Keyv. The queue is kept in memory. A store that many
 * machines share makes one person of all of them.
 *
 * @param keyv - with a `namespace` of its own, if several apps share the store
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION` if it is not a Keyv
 * @example
 * createHeadcount({ storage: fromKeyv(new Keyv(new KeyvSqlite('sqlite://acme.db'))) });
 */
export function fromKeyv(keyv: KeyvLike, options: StoreOptions = {}): KeyValueStorage {
  requireMethods(keyv, ['get', 'set', 'delete'], 'fromKeyv()');
  return adaptStore(
    {
      get: (key) => keyv.get(key),
      set: (key, value) => keyv.set(key, value),
      remove: (key) => keyv.delete(key),
    },
    options,
  );
}
