import { workerData } from 'node:worker_threads';
import { serveThread } from '../../threads/serve-thread.js';
import type {
  GapsQuestion,
  RecentQuestion,
  RetentionQuestion,
  Scope,
  SummaryQuestion,
  UserQuestion,
  ValuesQuestion,
} from '../questions.js';
import type { QualityQuestion, Questions } from '../store.js';
import { openCountsReader } from './counts-reader.js';

const reader = openCountsReader((workerData as { path: string }).path);

const operations = {
  summary: (question: SummaryQuestion) => reader.summary(question),
  gaps: (question: GapsQuestion) => reader.gaps(question),
  valueGaps: (question: ValuesQuestion) => reader.valueGaps(question),
  reports: (question: GapsQuestion) => reader.reports(question),
  reportValues: (question: ValuesQuestion) => reader.reportValues(question),
  dimensions: (question: Scope) => reader.dimensions(question),
  retention: (question: RetentionQuestion) => reader.retention(question),
  recent: (question: RecentQuestion) => reader.recent(question),
  projects: () => reader.projects(),
  user: (question: UserQuestion) => reader.user(question),
  quality: (question: QualityQuestion) => reader.quality(question),
  together: (questions: Questions) => reader.together(questions),
  probe: () => reader.probe(),
};

/** What the thread that answers questions can be asked. */
export type ReaderOperations = typeof operations;

serveThread(operations, () => void reader.close());
