import { linesIn } from './segment-name.js';
import type { OutboxStorage, Storage } from './storage.js';

/**
 * Keeps everything in memory: nothing survives the process. For tests, and for systems without a
 * writable disk.
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

interface MemorySegment {
  text: string;
  reports: number;
  claimed: boolean;
}

/** An outbox in memory. */
export interface MemoryOutbox extends Required<OutboxStorage> {
  /** Starts the total of losses again at 0. */
  resetLost(): void;
}

/** The outbox of {@link memoryStorage}. */
export function memoryOutbox(): MemoryOutbox {
  const segments = new Map<string, MemorySegment>();
  let open: MemorySegment | undefined;
  let sealed = 0;
  let lost = 0;
  return {
    append(lines) {
      open ??= { text: '', reports: 0, claimed: false };
      open.text += lines;
      open.reports += linesIn(lines);
    },
    seal() {
      if (!open) return;
      segments.set(String((sealed += 1)), open);
      open = undefined;
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
      if (!segment) return false;
      segment.text = text;
      return undefined;
    },
    remove: (name) => void segments.delete(name),
    release(name) {
      const segment = segments.get(name);
      if (segment) segment.claimed = false;
    },
    bound({ maxReports, maxBytes }) {
      let left = 0;
      let bytes = 0;
      let lost = 0;
      for (const [name, segment] of [...segments].reverse()) {
        left += segment.reports;
        bytes += segment.text.length;
        if (segment.claimed || (left <= maxReports && bytes <= maxBytes)) continue;
        segments.delete(name);
        left -= segment.reports;
        bytes -= segment.text.length;
        lost += segment.reports;
      }
      return { lost, left };
    },
    lose: (reports) => void (lost += reports),
    lostTotal: () => lost,
    resetLost: () => void (lost = 0),
  };
}
