import type { HostMessage, SenderMessage } from '../../delivery/protocol.js';
import { joinOutboxes } from '../../storage/join-outboxes.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import type { KeyValueStorage, OutboxStorage } from '../../storage/storage.js';

/** What of the host's a sender thread may use. */
export interface HostSide {
  readonly values: KeyValueStorage;
  readonly outbox: OutboxStorage;
}

type Question = Extract<SenderMessage, { type: 'ask' }>;

/** Calls a storage method for the thread. Whatever the app's adapter does ends as an answer. */
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
  // The cast: each of these methods takes texts: a key or name, and a value.
  const side = host[of] as unknown as Record<string, ((...texts: string[]) => unknown) | undefined>;
  return side[method]?.(...args.map(String));
}

/** What an adapter answers must survive the way to the thread: texts, numbers, lists of texts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** The host's side of a storage: what a sender cannot reach as files. */
export function hostSideOf({ values, own, memory }: OpenStorage): HostSide {
  const outboxes = own && own !== memory ? [own, memory] : [memory];
  return { values, outbox: joinOutboxes(outboxes) };
}
