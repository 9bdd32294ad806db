import { workerData } from 'node:worker_threads';
import { serveThread } from '../threads/serve-thread.js';
import { type CountsPlace, latestPlace } from './counts-place.js';
import { openReaderOf } from './open-counts.js';
import { LOOKUPS } from './store.js';

const { place } = workerData as { place: CountsPlace };

const reader = await openReaderOf(place);

const latest = place.kind === 'sqlite' ? reader : await openReaderOf(latestPlace(place));

/** What reports and deletions wait for, and the health: a replica says nothing of it. */
const OF_LATEST: readonly string[] = ['values', 'areKnown', 'owner', 'probe'];

const operations = Object.fromEntries(
  LOOKUPS.map((name) => [
    name,
    (question: never) => (OF_LATEST.includes(name) ? latest : reader)[name](question),
  ]),
);

serveThread(operations, () => {
  void reader.close();
  if (latest !== reader) void latest.close();
});
