import type { HostMessage, SenderMessage, SendResult } from '../../delivery/protocol.js';
import type { StorageCall } from '../host-storage.js';

/** The sender's end of the channel to its host. */
export interface HostChannel {
  receive(message: unknown): void;
  readonly ask: (call: StorageCall) => Promise<unknown>;
  readonly onSend: (callback: (hostOutbox: boolean) => void) => void;
  readonly onEnd: (callback: () => void) => void;
  readonly tellResult: (result: SendResult) => void;
  /** Passes on the answer to the user's request. */
  readonly tellDone: (answer: unknown) => void;
}

/** The app's storage may hang: then the host never answers. */
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
      // The cast: only this package's code in the host sends messages here.
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
