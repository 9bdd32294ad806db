import { openThread } from '../../threads/open-thread.js';
import type { StoreReader } from '../store.js';
import type { ReaderOperations } from './counts-reader-thread.js';

/** Opens `counts.db` for questions in a thread of its own: a long one holds up no report. */
export async function openReaderThread(path: string): Promise<StoreReader> {
  const thread = await openThread<ReaderOperations>(
    new URL('./counts-reader-thread.js', import.meta.url),
    { path },
  );
  return {
    summary: (question) => thread.call('summary', question),
    recent: (question) => thread.call('recent', question),
    quality: (question) => thread.call('quality', question),
    probe: () => thread.call('probe', undefined),
    close: () => thread.close(),
  };
}
