import { workerData } from 'node:worker_threads';
import { serveThread } from '../../threads/serve-thread.js';
import { LOOKUPS } from '../store.js';
import { openCountsReader } from './counts-reader.js';

const reader = openCountsReader((workerData as { path: string }).path);

const operations = Object.fromEntries(
  LOOKUPS.map((name) => [name, (question: never) => reader[name](question)]),
);

serveThread(operations, () => void reader.close());
