import type { OutboxStorage, Storage } from './storage.js';

/**
 * Stores nothing, not even unsent reports: a program with it has no ID and sends nothing. For
 * tests of an app that should run without telemetry.
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
