import { workerData } from 'node:worker_threads';
import { serveThread } from '../../threads/serve-thread.js';
import { READER_OPERATIONS } from '../store.js';
import { openCountsReader } from './counts-reader.js';

const reader = openCountsReader((workerData as { path: string }).path);

const operations = Object.fromEntries(
  READER_OPERATIONS.map((name) => [name, (question: never) => reader[name](question)]),
);

serveThread(operations, () => void reader.close());
