import type { KeyValueStorage, OutboxStorage } from '../storage/storage.js';
import type { HostMessage, SenderMessage } from './job.js';

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

function call({ values, outbox }: HostSide, { of, method, args }: Question): unknown {
  const [first = '', second = ''] = args.map(String); // keys, names and texts only
  switch (`${of}.${method}`) {
    case 'values.get':
      return values.get(first);
    case 'values.set':
      return values.set(first, second);
    case 'values.setIfAbsent':
      return values.setIfAbsent(first, second);
    case 'values.remove':
      return values.remove(first);
    case 'outbox.list':
      return outbox.list();
    case 'outbox.claim':
      return outbox.claim(first);
    case 'outbox.rewrite':
      return outbox.rewrite(first, second);
    case 'outbox.remove':
      return outbox.remove(first);
    case 'outbox.release':
      return outbox.release(first);
    case 'outbox.lostTotal':
      return outbox.lostTotal?.();
    default:
      throw new Error(`no method ${of}.${method}`);
  }
}

/** What an adapter answers must survive the way to the thread: texts, numbers, lists of texts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
