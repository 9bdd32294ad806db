import { openThread, type Thread } from '../threads/open-thread.js';
import type { QuestionOperations, QuestionThreadData } from './question-thread.js';

export type QuestionThread = Thread<QuestionOperations>;

/** Opens threads of questions, all or none. */
export async function openQuestionThreads(
  count: number,
  paths: QuestionThreadData,
): Promise<readonly QuestionThread[]> {
  const url = new URL('./question-thread.js', import.meta.url);
  const opening = Array.from({ length: count }, () => openThread<QuestionOperations>(url, paths));
  const results = await Promise.allSettled(opening);
  const threads = results.flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed?.status !== 'rejected') return threads;
  // An open thread would keep a process that failed to start from exiting.
  await Promise.all(threads.map((thread) => thread.close()));
  throw failed.reason;
}
