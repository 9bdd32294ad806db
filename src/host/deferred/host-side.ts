import type { HostMessage, SenderMessage } from '../../delivery/protocol.js';
import { joinOutboxes } from '../../storage/join-outboxes.js';
import { memoryStorage } from '../../storage/memory-storage.js';
import { sinceReset } from '../../storage/reset-losses.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import type { KeyValueStorage, OutboxStorage } from '../../storage/storage.js';

/** The host's storage, for a sender thread. */
export interface HostSide {
  readonly values: KeyValueStorage;
  readonly outbox: OutboxStorage;
}

type Question = Extract<SenderMessage, { type: 'ask' }>;

/** Calls a storage method for the thread. Errors of the app's adapter become an answer too. */
export async function answer(host: HostSide, question: Question): Promise<HostMessage> {
  const { id } = question;
  try {
    return { type: 'answer', id, value: plain(await call(host, question)) };
  } catch {
    return { type: 'answer', id, failed: true };
  }
}

const METHODS = {
  values: ['get', 'set', 'setIfAbsent', 'remove'],
  outbox: ['list', 'claim', 'rewrite', 'remove', 'release', 'lostTotal'],
};

function call(host: HostSide, { of, method, args }: Question): unknown {
  if (!METHODS[of].includes(method)) throw new Error(`no method ${of}.${method}`);
  // The cast: all arguments of these methods are texts: a key or name, and a value.
  const side = host[of] as unknown as Record<string, ((...texts: string[]) => unknown) | undefined>;
  return side[method]?.(...args.map(String));
}

/** Only values that can be posted to a thread: texts, numbers, `false` and lists of texts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  const isPlain = typeof value === 'string' || typeof value === 'number' || value === false;
  return isPlain ? value : undefined;
}

/** The part of a storage that a sender cannot read as files. */
export function hostSideOf({ values, own, memory }: OpenStorage): HostSide {
  const kept = values ?? memoryStorage();
  const outboxes = own && own !== memory ? [sinceReset(own, kept), memory] : [memory];
  return { values: kept, outbox: joinOutboxes(outboxes) };
}
