import { NO_SENDER } from '../../delivery/no-sender.js';
import {
  type HostMessage,
  LAST_WORD,
  type LastSend,
  NOTHING_SENT,
  type SenderJob,
  type SenderMessage,
  type SendResult,
} from '../../delivery/protocol.js';
import type { SenderLaunchers, SenderThread, SenderThreadEvents } from '../../platform/platform.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import { answer, hostSideOf } from './host-side.js';

/** Sends by a worker thread. It is started when it is first needed, and ends when it is idle. */
export interface SenderThreads {
  /** Sends the queue. Resolves after the attempt; never rejects. */
  send(hostOutbox: boolean): Promise<SendResult>;
  /** Posts a last request to a thread, while the host ends. False if no thread can be had. */
  sendLast(last: LastSend): boolean;
  /** Whether an attempt is running. */
  isSending(): boolean;
  /** Keeps the process alive for the thread until every caller has released it by `false`. */
  hold(held: boolean): void;
  /** Resolves when the thread has ended. */
  close(withinMs: number): Promise<void>;
}

/** After so many crashes no further thread is started: the host's thread sends instead. */
const MAX_CRASHES = 3;

interface Waiting {
  readonly hostOutbox: boolean;
  readonly resolve: (result: SendResult) => void;
}

/** See {@link SenderThreads}. */
export function createSenderThreads(
  { sender }: { readonly sender: Pick<SenderLaunchers, 'thread' | 'inProcess'> },
  opened: OpenStorage,
  job: SenderJob,
): SenderThreads {
  const host = hostSideOf(opened);
  let thread: SenderThread | undefined;
  let isOwnThread = false;
  let waiting: Waiting[] = [];
  let holders = 0;
  let crashes = 0;

  function start(): SenderThread | undefined {
    const events: SenderThreadEvents = {
      message(message) {
        // The cast: only this package's sender posts messages here.
        const said = message as SenderMessage;
        if (said.type === 'result') {
          crashes = 0;
          waiting.shift()?.resolve(said.result);
        } else if (said.type === 'ask')
          void answer(host, said).then((reply) => started?.post(reply));
      },
      exit() {
        if (thread === started) thread = undefined;
        const unanswered = waiting;
        waiting = [];
        // A thread that ends with work left has crashed, or had just become idle.
        if (unanswered.length > 0) crashes += 1;
        for (const { hostOutbox, resolve } of unanswered) post(hostOutbox, resolve);
      },
    };
    const own = orNone(() => (crashes < MAX_CRASHES ? sender.thread(job, events) : undefined));
    const started =
      own ?? orNone(() => (crashes < 2 * MAX_CRASHES ? sender.inProcess(job, events) : undefined));
    isOwnThread = own !== undefined;
    started?.hold(holders > 0);
    return started;
  }

  function post(hostOutbox: boolean, resolve: (result: SendResult) => void): void {
    thread ??= start();
    if (!thread) return resolve({ ...NOTHING_SENT, error: NO_SENDER });
    waiting.push({ hostOutbox, resolve });
    thread.post({ type: 'send', hostOutbox } satisfies HostMessage);
  }

  return {
    send: (hostOutbox) => new Promise((resolve) => post(hostOutbox, resolve)),
    sendLast(last) {
      // One that sends has the lease. One that is idle may have ended, which the host has not seen.
      const own =
        waiting.length > 0 && isOwnThread
          ? thread
          : orNone(() => sender.thread(job, { message: () => undefined, exit: () => undefined }));
      own?.post({ type: 'last', ...last } satisfies HostMessage);
      return own !== undefined;
    },
    isSending: () => waiting.length > 0,
    hold(held) {
      holders += held ? 1 : -1;
      thread?.hold(holders > 0);
    },
    async close(withinMs) {
      const ending = thread?.end(LAST_WORD, withinMs);
      thread = undefined;
      const unanswered = waiting;
      waiting = [];
      for (const { resolve } of unanswered) resolve({ ...NOTHING_SENT, error: 'closed' });
      await ending;
    },
  };
}

/** What a call returns. One that throws counts as `undefined`. */
function orNone<T>(call: () => T | undefined): T | undefined {
  try {
    return call();
  } catch {
    return undefined; // this system has no threads, or none left
  }
}
