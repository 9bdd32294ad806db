import type { Platform, SenderThread } from '../platform/platform.js';
import type { OutboxStorage, Storage } from '../storage/storage.js';
import type { HostMessage, SenderJob, SenderMessage, SendResult } from './job.js';
import { NOTHING_SENT } from './job.js';

/** Sends by a worker thread, which is started when it is first needed and ends when it is idle. */
export interface WorkerLauncher {
  /** Sends all that waits. Resolves when that was tried; never rejects. */
  send(): Promise<SendResult>;
  /** Whether an attempt is under way. */
  isSending(): boolean;
  /** Makes the process wait for the thread, until as many callers have let go as have held. */
  hold(held: boolean): void;
  /** Resolves once the thread is gone. */
  close(): Promise<void>;
}

/** What the launcher needs of its host. */
export interface WorkerLauncherParts {
  readonly platform: Pick<Platform, 'startSenderThread'>;
  readonly job: SenderJob;
  /** What the thread may ask for, where it cannot reach the files itself. */
  readonly storage: Storage & { readonly outbox: OutboxStorage };
}

const VALUE_METHODS = ['get', 'set', 'setIfAbsent', 'remove'] as const;
const OUTBOX_METHODS = ['list', 'claim', 'rewrite', 'remove', 'release'] as const;

/** See {@link WorkerLauncher}. */
export function createWorkerLauncher(parts: WorkerLauncherParts): WorkerLauncher {
  let thread: SenderThread | undefined;
  let waiting: ((result: SendResult) => void)[] = [];
  let holders = 0;

  function start(): SenderThread | undefined {
    try {
      const started = parts.platform.startSenderThread(parts.job, {
        message(message) {
          // The cast: the only thread that speaks here runs this package's own sender.
          const said = message as SenderMessage;
          if (said.type === 'result') waiting.shift()?.(said.result);
          else void answer(parts.storage, said).then((reply) => started?.post(reply));
        },
        exit() {
          if (thread === started) thread = undefined;
          const unanswered = waiting;
          waiting = [];
          for (const resolve of unanswered) {
            resolve({ ...NOTHING_SENT, problem: 'the sender thread ended' });
          }
        },
      });
      started?.hold(holders > 0);
      return started;
    } catch {
      return undefined; // no threads here, or none to be had now: the outbox keeps the reports
    }
  }

  return {
    send: () =>
      new Promise((resolve) => {
        thread ??= start();
        if (!thread) return resolve({ ...NOTHING_SENT, problem: 'no thread to be had' });
        waiting.push(resolve);
        thread.post({ type: 'send' } satisfies HostMessage);
      }),
    isSending: () => waiting.length > 0,
    hold(held) {
      holders += held ? 1 : -1;
      thread?.hold(holders > 0);
    },
    async close() {
      const ending = thread?.end();
      thread = undefined;
      await ending;
    },
  };
}

/** Calls a storage method for the thread. Whatever the app's adapter does ends as an answer. */
async function answer(
  storage: Storage & { readonly outbox: OutboxStorage },
  { id, of, method, args }: Extract<SenderMessage, { type: 'ask' }>,
): Promise<HostMessage> {
  try {
    return { type: 'answer', id, value: await call(storage, of, method, args) };
  } catch {
    return { type: 'answer', id, failed: true };
  }
}

function call(
  storage: Storage & { readonly outbox: OutboxStorage },
  of: 'values' | 'outbox',
  method: string,
  args: readonly unknown[],
): unknown {
  const [first, second] = args.map(String) as [string, string]; // keys, names and texts only
  if (of === 'values') {
    const name = VALUE_METHODS.find((known) => known === method);
    if (name) return storage[name](first, second);
  } else {
    const name = OUTBOX_METHODS.find((known) => known === method);
    if (name) return storage.outbox[name](first, second);
  }
  throw new Error(`no method ${method}`);
}
