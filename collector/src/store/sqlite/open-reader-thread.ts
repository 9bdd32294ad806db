import { openThread, type ThreadDiedError } from '../../threads/open-thread.js';
import type { Answers, Questions, StoreReader } from '../store.js';
import type { ReaderOperations } from './counts-reader-thread.js';

/** Answers questions in a thread of its own: a long one holds up no report. */
export interface ReaderThread extends StoreReader {
  /** Resolves when the thread has ended by itself; no question is answered any more. */
  readonly died: Promise<ThreadDiedError>;
}

/** Opens `counts.db` for questions. */
export async function openReaderThread(path: string): Promise<ReaderThread> {
  const thread = await openThread<ReaderOperations>(
    new URL('./counts-reader-thread.js', import.meta.url),
    { path },
  );
  return {
    summary: (question) => thread.call('summary', question),
    gaps: (question) => thread.call('gaps', question),
    valueGaps: (question) => thread.call('valueGaps', question),
    reports: (question) => thread.call('reports', question),
    reportValues: (question) => thread.call('reportValues', question),
    dimensions: (question) => thread.call('dimensions', question),
    retention: (question) => thread.call('retention', question),
    recent: (question) => thread.call('recent', question),
    projects: () => thread.call('projects', undefined),
    user: (question) => thread.call('user', question),
    quality: (question) => thread.call('quality', question),
    // The thread answers what it is asked; through it, types only know what it may be asked.
    together: <Asked extends Questions>(questions: Asked) =>
      thread.call('together', questions) as Promise<Answers<Asked>>,
    probe: () => thread.call('probe', undefined),
    died: thread.died,
    close: () => thread.close(),
  };
}
