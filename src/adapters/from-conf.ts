import type { KeyValueStorage } from '../storage/storage.js';
import { adaptStore, requireMethods } from './adapt-store.js';

/** The part of a store of settings that is used. Stores with typed keys fit too. */
export interface ConfLike {
  get(key: never): unknown;
  set(key: never, value: never): unknown;
  delete(key: never): unknown;
}

/**
 * Keeps the ID and the user's choice among the settings of an app: in conf, configstore,
 * electron-store, or what has the same three synchronous methods. The queue is kept in memory.
 * A schema must allow keys that begin with `headcount-`.
 *
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION` if a method is missing
 * @example
 * createHeadcount({ storage: fromConf(new Conf({ projectName: 'acme' })) });
 */
export function fromConf(conf: ConfLike): KeyValueStorage {
  requireMethods(conf, ['get', 'set', 'delete'], 'fromConf()');
  // The cast: each of them takes any text as a key.
  const store = conf as unknown as Record<
    'get' | 'set' | 'delete',
    (...given: string[]) => unknown
  >;
  return adaptStore(
    {
      get: (key) => store.get(key),
      set: (key, value) => store.set(key, value),
      remove: (key) => store.delete(key),
    },
    {},
  );
}
