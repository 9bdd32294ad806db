import { workerData } from 'node:worker_threads';
import { serveThread } from '../../threads/serve-thread.js';
import type { RecentQuestion, Scope, SummaryQuestion, UserQuestion } from '../store.js';
import { openCountsReader } from './counts-reader.js';

const reader = openCountsReader((workerData as { path: string }).path);

const operations = {
  summary: (question: SummaryQuestion) => reader.summary(question),
  recent: (question: RecentQuestion) => reader.recent(question),
  projects: () => reader.projects(),
  user: (question: UserQuestion) => reader.user(question),
  quality: (question: Scope) => reader.quality(question),
  probe: () => reader.probe(),
};

/** What the thread that answers questions can be asked. */
export type ReaderOperations = typeof operations;

serveThread(operations, () => void reader.close());
