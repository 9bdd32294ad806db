import type { KeyValueStorage } from '../storage/storage.js';
import { adaptStore, requireMethods, type StoreOptions } from './adapt-store.js';

/** The part of an unstorage that is used. */
export interface UnstorageLike {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: string): Promise<unknown>;
  removeItem(key: string): Promise<unknown>;
}

/** unstorage would read a choice, which is JSON, as an object. */
const AS_IT_IS = 'text:';

/**
 * Keeps the ID and the user's choice in an unstorage. The queue is kept in memory. A store that
 * many machines share makes one person of all of them.
 *
 * @param storage - by `prefixStorage(storage, 'acme')`, if several apps share it
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION` if it is not an unstorage
 * @example
 * createHeadcount({ storage: fromUnstorage(createStorage({ driver: fsDriver({ base }) })) });
 */
export function fromUnstorage(storage: UnstorageLike, options: StoreOptions = {}): KeyValueStorage {
  requireMethods(storage, ['getItem', 'setItem', 'removeItem'], 'fromUnstorage()');
  return adaptStore(
    {
      get: async (key) => {
        const value = await storage.getItem(key);
        const isOwn = typeof value === 'string' && value.startsWith(AS_IT_IS);
        return isOwn ? value.slice(AS_IT_IS.length) : value;
      },
      set: (key, value) => storage.setItem(key, `${AS_IT_IS}${value}`),
      remove: (key) => storage.removeItem(key),
    },
    options,
  );
}
