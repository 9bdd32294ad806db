import { workerData } from 'node:worker_threads';
import { serveThread } from '../threads/serve-thread.js';
import type { CountsPlace } from './counts-place.js';
import { openReaderOf } from './open-counts.js';
import { LOOKUPS } from './store.js';

const reader = await openReaderOf((workerData as { place: CountsPlace }).place);

const operations = Object.fromEntries(
  LOOKUPS.map((name) => [name, (question: never) => reader[name](question)]),
);

serveThread(operations, () => void reader.close());
