import { HeadcountError } from '../errors.js';
import type { KeyValueStorage } from '../storage/storage.js';
import { isThenable } from '../type-guards.js';
import { later } from './platform/later.js';

/** What an adapter may be told of a store. */
export interface StoreOptions {
  /**
   * Whether the store's values survive until the next run.
   *
   * @default true
   */
  readonly isPersistent?: boolean;
}

/** The calls of a store, by any names. */
interface Calls {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
  remove(key: string): unknown;
}

/** Longer than a write takes, so that of two processes both read the one that was written last. */
const SETTLED_AFTER_MS = 100;

/** Stands for a value of another kind: it is no ID, and a choice that cannot be read. */
const NO_TEXT = 'not a text';

/** A {@link KeyValueStorage} in a store that has other values too, and no exclusive creation. */
export function adaptStore(calls: Calls, { isPersistent = true }: StoreOptions): KeyValueStorage {
  const firsts = new Map<string, Promise<string>>();

  const get = (key: string) => {
    const value = calls.get(nameOf(key));
    return isThenable(value) ? Promise.resolve(value).then(textOf) : textOf(value);
  };

  async function set(key: string, value: string): Promise<void> {
    // Keyv answers false where others throw.
    if ((await calls.set(nameOf(key), value)) === false) throw new Error('it was not stored');
  }

  /** Write, wait, read: whoever wrote last has written for all. */
  async function first(key: string, value: string): Promise<string> {
    const there = await get(key);
    if (there !== undefined) return there;
    await set(key, value);
    await later(SETTLED_AFTER_MS);
    return (await get(key)) ?? value;
  }

  return {
    isPersistent,
    get,
    set,
    setIfAbsent(key, value) {
      const pending = firsts.get(key);
      if (pending) return pending;
      const made = first(key, value).finally(() => firsts.delete(key));
      firsts.set(key, made);
      return made;
    },
    async remove(key) {
      await calls.remove(nameOf(key));
    },
  };
}

/** Throws for what is not a store, where the app's author sees it. */
export function requireMethods(store: unknown, names: readonly string[], adapter: string): void {
  const found = Object(store) as Readonly<Record<string, unknown>>;
  if (names.every((name) => typeof found[name] === 'function')) return;
  const expected = `an object with the methods ${names.join(', ')}`;
  const missing = names.filter((name) => typeof found[name] !== 'function').join(', ');
  const given = store === Object(store) ? `an object without ${missing}` : String(store);
  throw new HeadcountError({
    ...{ code: 'HEADCOUNT_ERR_INVALID_OPTION', option: 'storage', expected, given: store },
    message: `${adapter}: the store must be ${expected}, but is ${given}.`,
  });
}

/** Apart from the app's own keys, and without a dot: stores of settings take it for a path. */
const nameOf = (key: string): string => `headcount-${key.replaceAll('.', '_')}`;

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : NO_TEXT;
}
