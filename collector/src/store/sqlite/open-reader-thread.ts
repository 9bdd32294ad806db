import { openThread, type ThreadDiedError } from '../../threads/open-thread.js';
import { READER_OPERATIONS, type ReaderOperations, type StoreReader } from '../store.js';

/** Answers questions in a separate thread, so that a slow one holds up no report. */
export interface ReaderThread extends StoreReader {
  /** Resolves when the thread has died. No question is answered then. */
  readonly died: Promise<ThreadDiedError>;
}

/** Opens `counts.db` for questions. */
export async function openReaderThread(path: string): Promise<ReaderThread> {
  const thread = await openThread<Record<string, (question: unknown) => unknown>>(
    new URL('./counts-reader-thread.js', import.meta.url),
    { path },
  );
  const operations = Object.fromEntries(
    READER_OPERATIONS.map((name) => [name, (question: unknown) => thread.call(name, question)]),
  );
  return {
    // The thread serves the same list by the same types; `fromEntries` cannot tell.
    ...(operations as unknown as ReaderOperations),
    died: thread.died,
    close: () => thread.close(),
  };
}
