import type { Platform } from '../platform/platform.js';
import { isRecord, isThenable } from '../type-guards.js';
import type { BoundResult, OutboxStorage, Storage } from './storage.js';
import { type WatchedValues, watchValues } from './watch-values.js';

const STORAGE_METHODS = ['get', 'set', 'setIfAbsent', 'remove'];
const OUTBOX_METHODS = ['append', 'seal', 'list', 'claim', 'rewrite', 'remove', 'release'];

/** What {@link readStorage} accepts, for messages. */
export const STORAGE_EXPECTED = `fileStorage(), or an object with the methods ${STORAGE_METHODS.join(', ')} whose properties can be read`;

/** What reading a storage takes: it is limited in time. */
type Clock = Pick<Platform, 'elapsed' | 'later'>;

/**
 * Reads a custom storage, each property once: a getter that throws later then has no effect.
 *
 * @returns `undefined` if the value is not a storage
 */
export function readStorage(given: unknown, clock: Clock): (Storage & WatchedValues) | undefined {
  try {
    return isRecord(given) && read(given, 'kind') !== 'file' ? ownStorage(given, clock) : undefined;
  } catch {
    return undefined; // a getter has thrown: a mistake in the options
  }
}

function ownStorage(
  given: Record<string, unknown>,
  clock: Clock,
): (Storage & WatchedValues) | undefined {
  const isPersistent = read(given, 'isPersistent');
  const outbox = read(given, 'outbox');
  if (!hasMethods(given, STORAGE_METHODS)) return undefined;
  if (outbox !== undefined && !hasMethods(outbox, OUTBOX_METHODS)) return undefined;
  // The casts: both have the methods. These are called on their objects, which may be instances of
  // classes.
  const storage = given as unknown as Storage;
  const ownOutbox = outbox as OutboxStorage | undefined;
  const values = {
    isPersistent: isPersistent !== false,
    get: (key: string) => storage.get(key),
    set: (key: string, value: string) => storage.set(key, value),
    setIfAbsent: (key: string, value: string) => storage.setIfAbsent(key, value),
    remove: (key: string) => storage.remove(key),
  };
  return {
    ...watchValues(values, clock),
    ...(ownOutbox && { outbox: guardOutbox(ownOutbox) }),
  };
}

/** A property of an object or its class. What `Object.prototype` was polluted with is absent. */
function read(from: Record<string, unknown>, name: string): unknown {
  const isPolluted = Object.hasOwn(Object.prototype, name) && !Object.hasOwn(from, name);
  const value = from[name];
  const polluted = Object.getOwnPropertyDescriptor(Object.prototype, name)?.value as unknown;
  return isPolluted && value === polluted ? undefined : value;
}

const hasMethods = (value: unknown, names: readonly string[]): boolean =>
  isRecord(value) && names.every((name) => typeof read(value, name) === 'function');

/**
 * Makes an app's outbox safe for the host: if a method that should be synchronous returns a
 * promise, its rejection is handled, and a result that is not a number counts as 0. Callers handle
 * errors that it throws.
 */
function guardOutbox(outbox: OutboxStorage): OutboxStorage {
  return {
    append: (line) => settle(outbox.append(line)),
    seal: () => settle(outbox.seal()),
    list: () => outbox.list(),
    claim: (name) => outbox.claim(name),
    rewrite: (name, text) => outbox.rewrite(name, text),
    remove: (name) => outbox.remove(name),
    release: (name) => outbox.release(name),
    bound(limits) {
      const answer: unknown = outbox.bound?.(limits);
      settle(answer);
      const { lost, left } = (answer ?? {}) as Partial<Record<keyof BoundResult, unknown>>;
      return { lost: count(lost), left: count(left) };
    },
    lose: (reports) => settle(outbox.lose?.(reports)),
    lostTotal: async () => count(await outbox.lostTotal?.()),
  };
}

/** Handles the rejection of an unexpected promise, which would otherwise end the host. */
function settle(answer: unknown): void {
  if (isThenable(answer)) answer.then(undefined, () => undefined);
}

function count(answer: unknown): number {
  settle(answer);
  return Number.isInteger(answer) && Number(answer) > 0 ? Number(answer) : 0;
}
