import { openThread, type ThreadDiedError } from '../threads/open-thread.js';
import { createCommitQueue, type QueueLimits } from './commit-queue.js';
import { encodeEntry, type JournalEntry } from './journal-entry.js';
import type { JournalOperations } from './journal-writer-thread.js';
import type { JournalWriterOptions } from './journal-writer.js';

export interface JournalOptions extends JournalWriterOptions, QueueLimits {}

/** The only way in: a report is acknowledged once it is in here, and leaves when it is counted. */
export interface Journal {
  /** Names this journal, so that its positions cannot be taken for another's. */
  readonly id: string;
  /** The last position that is on disk. */
  readonly committed: number;
  /** Reports that wait for a commit. */
  readonly waitingReports: number;
  /**
   * Resolves once all entries are on disk; if it rejects, none is.
   *
   * @throws `QueueFullError` at the brim, or SQLite's error (`isFull()` tells a full disk).
   */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Removes entries up to a position, once they are counted. */
  forget(upTo: number): void;
  /** Is told whenever more is on disk. */
  onCommitted(listener: () => void): void;
  /** @throws If the writer does not answer, or if the last commit has failed and writing still does. */
  probe(): Promise<void>;
  /** Resolves when the writer has ended by itself; no report can be taken any more. */
  readonly died: Promise<ThreadDiedError>;
  /** Writes what waits and ends the writer. */
  close(): Promise<void>;
}

/** Opens the journal and its writer thread. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { path, maxBytes, openedAt, maxReports, maxCharacters } = options;
  const thread = await openThread<JournalOperations>(
    new URL('./journal-writer-thread.js', import.meta.url),
    { path, maxBytes, openedAt } satisfies JournalWriterOptions,
  );
  const { id, lastPosition } = await thread.call('identify', undefined);
  let committed = lastPosition;
  let listener = (): void => undefined;
  let isFailing = false;

  const queue = createCommitQueue(
    async (commit) => {
      try {
        const position = await thread.call('commit', commit);
        isFailing = false;
        return position;
      } catch (error) {
        isFailing = true;
        throw error;
      }
    },
    { maxReports, maxCharacters },
    (position) => {
      if (position <= committed) return;
      committed = position;
      listener();
    },
  );

  return {
    id,
    get committed() {
      return committed;
    },
    get waitingReports() {
      return queue.waitingReports;
    },
    append: (entries) => queue.append(entries.map(encodeEntry)),
    forget: (upTo) => queue.forget(upTo),
    onCommitted: (next) => {
      listener = next;
    },
    probe: async () => {
      if (!isFailing) return thread.call('probe', undefined);
      await thread.call('probeWriting', undefined);
      isFailing = false;
    },
    died: thread.died,
    close: async () => {
      await queue.idle();
      await thread.close();
    },
  };
}
