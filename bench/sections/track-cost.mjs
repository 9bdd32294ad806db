// @ts-check
import { join } from 'node:path';
import { startBenchServer } from '../bench-server.mjs';
import { measureAlternately } from '../measure-alternately.mjs';
import { runProbe } from '../run-node.mjs';

const BATCH = 250;
const MAX_ROUNDS = 3;
const KILL_AFTER_MS = 300_000;

/** @type {import('../section.mjs').Section} */
export const trackCost = {
  name: 'track',
  title: 'Calling track()',
  columns: [
    { key: 'p50Us', label: 'p50, µs', digits: 1 },
    { key: 'p99Us', label: 'p99, µs', digits: 1 },
    { key: 'firstMs', label: 'first call, ms', digits: 2 },
    { key: 'coldP99Us', label: 'p99 of the first 1 000, µs', digits: 0 },
    { key: 'maxMs', label: 'longest later call, ms', digits: 2 },
    { key: 'calls', label: 'calls of a process', digits: 0, plain: true },
  ],
  note:
    `Each call timed by itself, ${BATCH} at a time; after each ${BATCH} everything is flushed to a ` +
    'healthy server, outside the timing, so that no bound of a queue is reached. All calls are of one ' +
    `process; of at most ${MAX_ROUNDS} such processes the median, least and greatest are ` +
    'shown. "no telemetry" calls an empty function: the cost of timing itself. Those that open a ' +
    'request for each call make a tenth of the calls.',
  async measure({ workshop, contenders, options, progress }) {
    const rounds = Math.min(options.pairs, MAX_ROUNDS);
    const server = await startBenchServer('healthy');
    try {
      const libraries = contenders.filter(({ isLibrary }) => isLibrary);
      return await measureAlternately(libraries, rounds, progress, async (contender) => {
        const calls = contender.trackCalls;
        const script = join(workshop.appFolder(contender), 'track-probe.mjs');
        const probed = await runProbe(script, {
          home: workshop.newHome(),
          killAfterMs: KILL_AFTER_MS,
          env: {
            BENCH_ENDPOINT: server.address,
            BENCH_CALLS: String(calls),
            BENCH_BATCH: String(BATCH),
          },
        });
        return { ...probed, calls };
      });
    } finally {
      await server.close();
    }
  },
};
