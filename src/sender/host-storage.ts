import type { SenderMessage } from '../delivery/protocol.js';
import { clamp, MAX_LOST } from '../ranges.js';
import type { OutboxStorage, Storage } from '../storage/storage.js';

/** A call of one method of the host's storage. */
export type StorageCall = Pick<Extract<SenderMessage, { type: 'ask' }>, 'of' | 'method' | 'args'>;

/**
 * The host's storage in its sender thread: an app's adapter, or memory, which only the host can
 * reach. Every method asks the host.
 */
export function hostStorage(
  isPersistent: boolean,
  ask: (call: StorageCall) => Promise<unknown>,
): Storage & { readonly outbox: OutboxStorage } {
  const asText = (value: unknown): string | undefined =>
    typeof value === 'string' ? value : undefined;
  const values = (method: string, ...args: unknown[]) => ask({ of: 'values', method, args });
  const outbox = (method: string, ...args: unknown[]) => ask({ of: 'outbox', method, args });
  return {
    isPersistent,
    get: async (key) => asText(await values('get', key)),
    set: async (key, value) => void (await values('set', key, value)),
    setIfAbsent: async (key, value) => asText(await values('setIfAbsent', key, value)) ?? value,
    remove: async (key) => void (await values('remove', key)),
    outbox: {
      append: () => {
        throw new Error('only the host appends');
      },
      seal: () => {
        throw new Error('only the host seals');
      },
      async list() {
        const names = await outbox('list');
        return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
      },
      claim: async (name) => asText(await outbox('claim', name)),
      rewrite: async (name, text) =>
        (await outbox('rewrite', name, text)) === false ? false : undefined,
      remove: async (name) => void (await outbox('remove', name)),
      release: async (name) => void (await outbox('release', name)),
      lostTotal: async () => clamp(await outbox('lostTotal'), MAX_LOST),
    },
  };
}
