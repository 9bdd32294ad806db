import type { Failure } from '../../delivery/answers.js';
import {
  ENDS_WITHIN_MS,
  LAST_WORD,
  type SenderJob,
  type SenderMessage,
} from '../../delivery/protocol.js';
import type { Platform, SenderThread } from '../../platform/platform.js';
import { answer, type HostSide } from './host-side.js';

/** What {@link askSender} needs. */
export interface AskParts {
  readonly platform: Pick<Platform, 'sender' | 'deadline'>;
  readonly job: SenderJob;
  readonly host: HostSide;
}

/** Not longer, because a person is waiting. */
const ANSWER_WITHIN_MS = 15_000;

/**
 * Starts a sender for one task of a user, and returns its answer. The process stays alive until
 * then. Never rejects.
 */
export function askSender<Answer>(parts: AskParts): Promise<Answer | Failure> {
  const { platform, job, host } = parts;
  return new Promise((resolve) => {
    let thread: SenderThread | undefined;
    const failed = (error: string): Failure => ({ ok: false, error });
    const finish = (result: Answer | Failure): void => {
      cancelDeadline();
      const ending = thread;
      thread = undefined;
      void ending?.end(LAST_WORD, ENDS_WITHIN_MS).then(() => resolve(result));
      if (!ending) resolve(result);
    };
    const cancelDeadline = platform.deadline(
      () => finish(failed('no answer within 15 seconds')),
      ANSWER_WITHIN_MS,
    );
    const events = {
      message(message: unknown) {
        // The cast: only this package's sender posts messages here.
        const said = message as SenderMessage;
        if (said.type === 'ask') void answer(host, said).then((reply) => thread?.post(reply));
        // The cast: each task has its type of answer.
        else if (said.type === 'done') finish(said.answer as Answer);
      },
      exit: () => {
        if (thread) finish(failed('the thread that asks has ended'));
      },
    };
    try {
      thread = platform.sender.thread(job, events) ?? platform.sender.inProcess(job, events);
    } catch {
      thread = undefined; // the system has no threads left
    }
    if (!thread) return finish(failed('no thread can be started here'));
    thread.hold(true);
  });
}
