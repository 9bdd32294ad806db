import type { MaybePromise } from '../storage/storage.js';

/**
 * Keeps short texts between runs. Until they can be read, nothing is sent: one of them may be a
 * person's no. If a method fails, `status().error` says so.
 */
export interface EdgeStorage {
  get(key: string): MaybePromise<string | null | undefined>;
  set(key: string, value: string): unknown;
  remove(key: string): unknown;
}

/** A namespace of Workers KV, or what has the same methods. */
interface KvNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/**
 * A namespace of Workers KV.
 *
 * @example
 * createHeadcount({ project, version, endpoint, storage: kvStorage(env.HEADCOUNT) });
 */
export const kvStorage = (namespace: KvNamespace): EdgeStorage => ({
  get: (key) => namespace.get(key),
  set: (key, value) => namespace.put(key, value),
  remove: (key) => namespace.delete(key),
});

/** What other code may have put there is not nothing: a choice that cannot be read is a no. */
export const textOf = (value: unknown): string | undefined => (value as undefined) && String(value);

/** An area of `chrome.storage`, or of `browser.storage`. */
interface ChromeArea {
  get(key: string): Promise<Readonly<Record<string, unknown>>>;
  set(items: Record<string, unknown>): Promise<unknown>;
  remove(key: string): Promise<unknown>;
}

/**
 * An area of a browser extension's storage. Not `sync`, which several machines share.
 *
 * @example
 * chromeStorage(chrome.storage.local);
 */
export const chromeStorage = (area: ChromeArea): EdgeStorage => ({
  get: async (key) => textOf((await area.get(key))[key]),
  set: (key, value) => area.set({ [key]: value }),
  remove: (key) => area.remove(key),
});

/** A request of IndexedDB, as far as it is used here. */
interface DbRequest<T> {
  readonly result: T;
  onsuccess: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
}
interface DbStore {
  get(key: string): DbRequest<unknown>;
  put(value: string, key: string): DbRequest<unknown>;
  delete(key: string): DbRequest<unknown>;
}
interface Db {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): { objectStore(name: string): DbStore };
}
interface DbFactory {
  open(
    name: string,
    version: number,
  ): DbRequest<Db> & { onupgradeneeded: ((event: never) => unknown) | null };
}

const answered = <T>(request: DbRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB'));
  });

/**
 * A database of the browser, for pages of a desktop app.
 *
 * @param factory - `indexedDB`
 */
export function indexedDbStorage(factory: DbFactory): EdgeStorage {
  let opened: Promise<Db> | undefined;
  const open = (): Promise<Db> => {
    const request = factory.open('headcount', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('values');
    return answered(request);
  };
  const call = async <T>(
    mode: 'readonly' | 'readwrite',
    ask: (store: DbStore) => DbRequest<T>,
  ): Promise<T> => {
    const database = await (opened ??= open());
    return answered(ask(database.transaction('values', mode).objectStore('values')));
  };
  return {
    get: async (key) => textOf(await call('readonly', (store) => store.get(key))),
    set: (key, value) => call('readwrite', (store) => store.put(value, key)),
    remove: (key) => call('readwrite', (store) => store.delete(key)),
  };
}
