import { isRecord, isThenable } from '../type-guards.js';
import type { BoundResult, OutboxStorage, Storage } from './storage.js';

const STORAGE_METHODS = ['get', 'set', 'setIfAbsent', 'remove'];
const OUTBOX_METHODS = ['append', 'seal', 'list', 'claim', 'rewrite', 'remove', 'release'];

/** What {@link readStorage} takes. */
export const STORAGE_EXPECTED = `fileStorage(), or an object with the methods ${STORAGE_METHODS.join(', ')} whose properties can be read`;

/**
 * Reads an app's own storage, once: a getter of it that throws later can hurt nobody. Its methods
 * are called as they are.
 *
 * @returns `undefined` for what is no storage
 */
export function readStorage(given: unknown): Storage | undefined {
  try {
    return isRecord(given) && given['kind'] !== 'file' ? ownStorage(given) : undefined;
  } catch {
    return undefined; // a mistake in the options, as any other
  }
}

function ownStorage(given: Record<string, unknown>): Storage | undefined {
  const { isPersistent, outbox } = given;
  if (!hasMethods(given, STORAGE_METHODS)) return undefined;
  if (outbox !== undefined && !hasMethods(outbox, OUTBOX_METHODS)) return undefined;
  // The casts: both have the methods. They stay behind their objects, which may be classes'.
  const storage = given as unknown as Storage;
  const ownOutbox = outbox as OutboxStorage | undefined;
  return {
    isPersistent: isPersistent !== false,
    get: (key) => storage.get(key),
    set: (key, value) => storage.set(key, value),
    setIfAbsent: (key, value) => storage.setIfAbsent(key, value),
    remove: (key) => storage.remove(key),
    ...(ownOutbox && { outbox: guardOutbox(ownOutbox) }),
  };
}

const hasMethods = (value: unknown, names: readonly string[]): boolean =>
  isRecord(value) && names.every((name) => typeof value[name] === 'function');

/**
 * An app's own outbox, made safe for the host: a method that should be synchronous and answers
 * with a promise all the same cannot reject into the host, and what is no number counts as none.
 * What it throws is for the caller to handle.
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

/** A promise nobody asked for must not end the host as an unhandled rejection. */
function settle(answer: unknown): void {
  if (isThenable(answer)) answer.then(undefined, () => undefined);
}

function count(answer: unknown): number {
  settle(answer);
  return Number.isInteger(answer) && Number(answer) > 0 ? Number(answer) : 0;
}
