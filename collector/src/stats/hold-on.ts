import { ProblemError } from '../errors.js';
import type { FairQueue } from './fair-queue.js';
import type { QuestionThread } from './open-question-threads.js';

/** A state of the counts that a thread holds. */
export interface Held {
  /** @throws `ProblemError` `busy`, also once it is closed */
  run<Result>(
    client: string,
    job: (thread: QuestionThread, id: number) => Promise<Result>,
  ): Promise<Result>;
  close(): Promise<void>;
}

/** Runs jobs on the state that a thread holds under an ID. */
export function holdOn(queue: FairQueue<QuestionThread>, thread: QuestionThread, id: number): Held {
  let isOpen = true;
  return {
    run: (client, job) => {
      const runOnce = async (): ReturnType<typeof job> => {
        // It may have waited for longer than its page.
        if (!isOpen) throw new ProblemError('busy', 'The page has ended. Ask again later.');
        return job(thread, id);
      };
      return queue.run(client, runOnce, thread);
    },
    // Not in the queue: a thread that is busy with other questions does it between them.
    close: async () => {
      isOpen = false;
      await thread.call('closeSnapshot', id);
    },
  };
}
