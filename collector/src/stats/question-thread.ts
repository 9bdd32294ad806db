import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import type { RecentQuestion, SummaryQuestion } from '../store/questions.js';
import { openCountsReader } from '../store/sqlite/counts-reader.js';
import { serveThread } from '../threads/serve-thread.js';
import { createAnswering } from './answer-question.js';

/** How far questions stand back behind reports: by ten steps, the scheduler gives a tenth. */
const NICE = 10;

// On Linux this is the priority of the thread, elsewhere that of the process.
if (process.platform === 'linux') setPriority(0, NICE);

const reader = openCountsReader((workerData as { path: string }).path);

const operations = {
  answer: createAnswering(reader),
  summary: (question: SummaryQuestion) => reader.summary(question),
  recent: (question: RecentQuestion) => reader.recent(question),
};

/** The operations of a thread of questions. */
export type QuestionOperations = typeof operations;

serveThread(operations, () => void reader.close());
