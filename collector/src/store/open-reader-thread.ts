import { openThread, type ThreadDiedError } from '../threads/open-thread.js';
import type { CountsPlace } from './counts-place.js';
import { LOOKUPS, type Questioning, type ReaderOperations } from './store.js';

/** Looks things up in a separate thread, which no question keeps busy. */
export interface ReaderThread extends Omit<ReaderOperations, keyof Questioning> {
  /** Resolves when the thread has died. Nothing is looked up then. */
  readonly died: Promise<ThreadDiedError>;
  close(): Promise<void>;
}

/** Opens the counts for look-ups. */
export async function openReaderThread(place: CountsPlace): Promise<ReaderThread> {
  const thread = await openThread<Record<string, (question: unknown) => unknown>>(
    new URL('./counts-reader-thread.js', import.meta.url),
    { place },
  );
  const operations = Object.fromEntries(
    LOOKUPS.map((name) => [name, (question: unknown) => thread.call(name, question)]),
  );
  return {
    // The thread serves the same list by the same types; `fromEntries` cannot tell.
    ...(operations as unknown as Omit<ReaderOperations, keyof Questioning>),
    died: thread.died,
    close: () => thread.close(),
  };
}
