import { openThread, type ThreadDiedError } from '../threads/open-thread.js';
import type { GivenBack } from '../sqlite/give-back.js';
import { createCommitQueue, type QueueLimits } from './commit-queue.js';
import { encodeEntry, type JournalEntry } from './journal-entry.js';
import type { JournalOperations } from './journal-writer-thread.js';
import type { JournalWriterOptions } from './journal-writer.js';

export interface JournalOptions extends JournalWriterOptions, QueueLimits {}

/**
 * The queue of reports on disk: a report is acknowledged once it is in it, and leaves it when it is
 * counted.
 */
export type Journal = JournalOf<JournalEntry>;

/** A queue on disk of entries of any kind. */
export interface JournalOf<Entry> {
  /** The ID of the epoch that entries are appended to. */
  readonly epoch: string;
  /** The last position that is on disk. */
  readonly committed: number;
  /** Reports that are queued for a commit. */
  readonly waitingReports: number;
  /**
   * Resolves once all entries are on disk; if it rejects, none is.
   *
   * @returns The position of the last of them.
   * @throws `QueueFullError`, or SQLite's error (see `isFull()`).
   */
  append(entries: readonly Entry[]): Promise<number>;
  /** Removes entries up to a position, once they are counted. */
  forget(upTo: number): void;
  /**
   * Removes single entries, whatever waits before them.
   *
   * @returns How many were still there.
   */
  remove(positions: readonly number[]): Promise<number>;
  /** Gives room that no entry needs any more back to the disk, between two commits. */
  giveBack(limitMs: number): Promise<GivenBack>;
  /** Forgets that the journal was found without its log, once that was told. */
  forgetLostLog(): Promise<void>;
  /** Sets the listener that is called after each commit. */
  onCommitted(listener: () => void): void;
  /** @throws If the writer does not answer, or if commits fail. */
  probe(): Promise<void>;
  /** Resolves when the writer's thread has died. No report can be accepted then. */
  readonly died: Promise<ThreadDiedError>;
  /** Commits the queue and ends the writer. */
  close(): Promise<void>;
}

/** Opens the journal and its writer thread. */
export const openJournal = (options: JournalOptions): Promise<Journal> =>
  openJournalOf(options, encodeEntry);

/**
 * The same for entries of any kind.
 *
 * @param encode - Writes an entry in one line.
 */
export async function openJournalOf<Entry>(
  options: JournalOptions,
  encode: (entry: Entry) => string,
): Promise<JournalOf<Entry>> {
  const { path, maxBytes, openedAt, pepperId, maxReports, maxCharacters } = options;
  const thread = await openThread<JournalOperations>(
    new URL('./journal-writer-thread.js', import.meta.url),
    { path, maxBytes, openedAt, pepperId } satisfies JournalWriterOptions,
  );
  const { epoch, lastPosition } = await thread.call('identify', undefined);
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
    epoch,
    get committed() {
      return committed;
    },
    get waitingReports() {
      return queue.waitingReports;
    },
    append: (entries) => queue.append(entries.map(encode)),
    forget: (upTo) => queue.forget(upTo),
    remove: (positions) => thread.call('remove', positions),
    giveBack: (limitMs) => thread.call('giveBack', limitMs),
    forgetLostLog: () => thread.call('forgetLostLog', undefined),
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
