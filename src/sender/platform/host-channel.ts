import type { HostMessage, LastSend, SenderMessage, SendResult } from '../../delivery/protocol.js';
import type { StorageCall } from '../host-storage.js';

/** The sender's end of the channel to its host. */
export interface HostChannel {
  receive(message: unknown): void;
  readonly ask: (call: StorageCall) => Promise<unknown>;
  readonly onSend: (callback: (hostOutbox: boolean) => void) => void;
  /** Calls back when the host waits in its exit. From then on it answers nothing. */
  readonly onLast: (callback: (last: LastSend) => void) => void;
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
  const unheard: HostMessage[] = [];
  let asked = 0;
  let isHostDeaf = false;
  let send: ((hostOutbox: boolean) => void) | undefined;
  let sendLast: ((last: LastSend) => void) | undefined;
  let end: () => void = () => undefined;

  function receive(said: HostMessage): void {
    if (said.type === 'answer') answers.get(said.id)?.(said);
    else if (said.type === 'end') end();
    else if (!send || !sendLast) unheard.push(said);
    else if (said.type === 'send') send(said.hostOutbox);
    else {
      isHostDeaf = true;
      for (const [id, answer] of answers) answer({ type: 'answer', id, failed: true });
      sendLast(said);
    }
  }
  const hear = (): void => unheard.splice(0).forEach(receive);

  return {
    // The cast: only this package's code in the host sends messages here.
    receive: (message) => receive(message as HostMessage),
    ask: (call) =>
      new Promise((resolve, reject) => {
        if (isHostDeaf) return reject(new Error('the host is ending'));
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
      hear();
    },
    onLast(callback) {
      sendLast = callback;
      hear();
    },
    onEnd: (callback) => void (end = callback),
    tellResult: (result) => tell({ type: 'result', result }),
    tellDone: (answer) => tell({ type: 'done', answer }),
  };
}
