import type { Platform } from '../platform/platform.js';
import { isThenable } from '../type-guards.js';
import type { KeyValueStorage } from './storage.js';

/** The methods of an app's storage that do not work now, by how they fail. */
export interface StoreTrouble {
  readonly failing: readonly string[];
  readonly silent: readonly string[];
}

/** An app's storage that tells what does not work in it. */
export interface WatchedValues extends KeyValueStorage {
  /** Absent for a storage of Headcount's own. */
  readonly trouble?: () => StoreTrouble;
}

/** Less than the 3 s of `close()`, so that a storage which does not answer leaves time to send. */
export const STORE_ANSWERS_WITHIN_MS = 2_000;
/** So long a silent storage is not asked again: a report would wait for each of its calls. */
const ASKED_AGAIN_AFTER_MS = 10_000;

const READS = ['get'];
const WRITES = ['set', 'setIfAbsent', 'remove'];

/**
 * Limits how long an app's storage may take. A call that takes longer rejects, and those after it fail
 * at once until the storage answers, or for {@link ASKED_AGAIN_AFTER_MS}. Reads and writes are told
 * apart, since a storage that cannot be written can often be read.
 */
export function watchValues(
  values: KeyValueStorage,
  platform: Pick<Platform, 'elapsed' | 'later'>,
): WatchedValues {
  const failing = new Set<string>();
  const silent = new Map<string, number>();

  /** @throws what the storage throws, or that it does not answer */
  function ask<T>(method: string, call: () => T | Promise<T>): T | Promise<T> {
    const alike = READS.includes(method) ? READS : WRITES;
    if (alike.some(isSilent)) throw tooSlow();
    try {
      const answer = call();
      if (isThenable(answer)) return inTime(method, Promise.resolve(answer));
      works(method);
      return answer;
    } catch (error) {
      failing.add(method);
      throw error;
    }
  }

  function inTime<T>(method: string, answer: Promise<T>): Promise<T> {
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = platform.later(() => {
        failing.delete(method);
        silent.set(method, platform.elapsed());
        reject(tooSlow());
      }, STORE_ANSWERS_WITHIN_MS);
    });
    const told = answer.then(
      (value) => {
        works(method);
        return value;
      },
      (error: unknown) => {
        works(method);
        failing.add(method);
        throw error;
      },
    );
    return Promise.race([told, late]).finally(() => cancel());
  }

  function works(method: string): void {
    failing.delete(method);
    silent.delete(method);
  }

  function isSilent(method: string): boolean {
    const sinceMs = silent.get(method);
    return sinceMs !== undefined && platform.elapsed() - sinceMs < ASKED_AGAIN_AFTER_MS;
  }

  return {
    isPersistent: values.isPersistent !== false,
    get: (key) => ask('get', () => values.get(key)),
    set: (key, value) => ask('set', () => values.set(key, value)),
    setIfAbsent: (key, value) => ask('setIfAbsent', () => values.setIfAbsent(key, value)),
    remove: (key) => ask('remove', () => values.remove(key)),
    trouble: () => ({ failing: [...failing], silent: [...silent.keys()] }),
  };
}

const tooSlow = (): Error => new Error('the storage does not answer');
