import { workerData } from 'node:worker_threads';
import { serveThread } from '../threads/serve-thread.js';
import { type Commit, type JournalWriterOptions, openJournalWriter } from './journal-writer.js';

const writer = openJournalWriter(workerData as JournalWriterOptions);

const operations = {
  identify: () => ({ id: writer.id, epoch: writer.epoch, lastPosition: writer.lastPosition() }),
  commit: (commit: Commit) => writer.commit(commit),
  remove: (positions: readonly number[]) => writer.remove(positions),
  giveBack: (limitMs: number) => writer.giveBack(limitMs),
  forgetLostLog: () => writer.forgetLostLog(),
  probe: () => writer.probe(),
  probeWriting: () => writer.probeWriting(),
};

/** The operations of the journal's thread. */
export type JournalOperations = typeof operations;

serveThread(operations, () => writer.close());
