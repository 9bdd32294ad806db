import type { HostMessage, SenderMessage, SendResult } from '../../delivery/protocol.js';
import type { StorageCall } from '../host-storage.js';

/** The sender's side of its conversation with the host. */
export interface HostChannel {
  receive(message: unknown): void;
  readonly ask: (call: StorageCall) => Promise<unknown>;
  readonly onSend: (callback: (hostOutbox: boolean) => void) => void;
  readonly onEnd: (callback: () => void) => void;
  readonly tellResult: (result: SendResult) => void;
  /** Answers what the user has asked for. */
  readonly tellDone: (answer: unknown) => void;
}

/** A host that does not answer, since the app's storage hangs, is not waited for any longer. */
const ANSWER_WITHIN_MS = 5_000;

/** See {@link HostChannel}. */
export function hostChannel(tell: (message: SenderMessage) => void): HostChannel {
  const answers = new Map<number, (answer: Extract<HostMessage, { type: 'answer' }>) => void>();
  const unheard: boolean[] = [];
  let asked = 0;
  let send: ((hostOutbox: boolean) => void) | undefined;
  let end: () => void = () => undefined;
  return {
    receive(message) {
      // The cast: the only host that speaks here is this package's own.
      const said = message as HostMessage;
      if (said.type === 'answer') answers.get(said.id)?.(said);
      else if (said.type === 'end') end();
      else if (send) send(said.hostOutbox);
      else unheard.push(said.hostOutbox);
    },
    ask: (call) =>
      new Promise((resolve, reject) => {
        const id = (asked += 1);
        const timer = setTimeout(() => {
          answers.delete(id);
          reject(new Error('the storage of the host does not answer'));
        }, ANSWER_WITHIN_MS);
        timer.unref();
        answers.set(id, ({ value, failed }) => {
          clearTimeout(timer);
          answers.delete(id);
          if (failed) reject(new Error('the storage of the host failed'));
          else resolve(value);
        });
        tell({ type: 'ask', id, ...call });
      }),
    onSend(callback) {
      send = callback;
      for (const hostOutbox of unheard.splice(0)) callback(hostOutbox);
    },
    onEnd: (callback) => void (end = callback),
    tellResult: (result) => tell({ type: 'result', result }),
    tellDone: (answer) => tell({ type: 'done', answer }),
  };
}
