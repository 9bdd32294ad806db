import type { OutboxStorage, Storage } from './storage.js';

/**
 * Keeps nothing, not even until the report is sent: a program with it reports nothing at all and
 * has no ID. For tests of an app that must not notice Headcount.
 */
export function nullStorage(): Storage & { readonly outbox: OutboxStorage } {
  return {
    isPersistent: false,
    get: () => undefined,
    set: () => undefined,
    setIfAbsent: (_key, value) => value,
    remove: () => undefined,
    outbox: {
      append: () => undefined,
      seal: () => undefined,
      list: () => [],
      claim: () => undefined,
      rewrite: () => undefined,
      remove: () => undefined,
      release: () => undefined,
    },
  };
}
