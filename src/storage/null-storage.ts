import type { OutboxStorage, Storage } from './storage.js';

const nothing = (): undefined => undefined;

/**
 * Stores nothing, not even unsent reports: a program with it has no ID and sends nothing. For
 * tests of an app that should run without telemetry.
 */
export function nullStorage(): Storage & { readonly outbox: OutboxStorage } {
  return {
    isPersistent: false,
    get: nothing,
    set: nothing,
    setIfAbsent: (_key, value) => value,
    remove: nothing,
    outbox: {
      append: nothing,
      seal: nothing,
      list: () => [],
      claim: nothing,
      rewrite: nothing,
      remove: nothing,
      release: nothing,
    },
  };
}
