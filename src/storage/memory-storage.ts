import type { OutboxStorage, Storage } from './storage.js';

/**
 * Keeps everything in memory: nothing survives the process. For tests, and for systems without a
 * place to write.
 *
 * @example
 * createHeadcount({ project: 'acme-cli', storage: memoryStorage() });
 */
export function memoryStorage(): Storage & { readonly outbox: OutboxStorage } {
  const values = new Map<string, string>();
  return {
    isPersistent: false,
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    setIfAbsent(key, value) {
      const stored = values.get(key) ?? value;
      values.set(key, stored);
      return stored;
    },
    remove: (key) => void values.delete(key),
    outbox: memoryOutbox(),
  };
}

/** The outbox of {@link memoryStorage}. */
export function memoryOutbox(): OutboxStorage {
  const segments = new Map<string, { text: string; claimed: boolean }>();
  let open = '';
  let sealed = 0;
  return {
    append(lines) {
      open += lines;
    },
    seal() {
      if (open === '') return;
      sealed += 1;
      segments.set(String(sealed), { text: open, claimed: false });
      open = '';
    },
    list: () => [...segments].filter(([, { claimed }]) => !claimed).map(([name]) => name),
    claim(name) {
      const segment = segments.get(name);
      if (!segment || segment.claimed) return undefined;
      segment.claimed = true;
      return segment.text;
    },
    rewrite(name, text) {
      const segment = segments.get(name);
      if (segment) segment.text = text;
    },
    remove: (name) => void segments.delete(name),
    release(name) {
      const segment = segments.get(name);
      if (segment) segment.claimed = false;
    },
  };
}
