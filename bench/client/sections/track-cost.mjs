// @ts-check
import { join } from 'node:path';
import { startBenchServer } from '../bench-server.mjs';
import { measureAlternately } from '../measure-alternately.mjs';
import { onEachNode } from '../nodes.mjs';
import { runProbe } from '../run-node.mjs';
import { summarize } from '../../statistics.mjs';

const BATCH = 250;
const MAX_ROUNDS = 3;
const KILL_AFTER_MS = 300_000;
const BARE = 'bare open, write, close';

/** @type {import('../section.mjs').Section} */
export const trackCost = {
  name: 'track',
  title: 'Calling track()',
  columns: [
    { key: 'node', label: 'Node' },
    { key: 'p50Us', label: 'p50, µs', digits: 1 },
    { key: 'p99Us', label: 'p99, µs', digits: 1 },
    { key: 'p99Ratio', label: 'p99 over bare', digits: 2 },
    { key: 'firstMs', label: 'first call, ms', digits: 2 },
    { key: 'coldP99Us', label: 'p99 of the first 1 000, µs', digits: 0 },
    { key: 'maxMs', label: 'longest later call, ms', digits: 2 },
    { key: 'calls', label: 'calls of a process', digits: 0, plain: true },
  ],
  note:
    `Each call timed by itself, ${BATCH} at a time; after each ${BATCH} everything is flushed to a ` +
    'healthy server, outside the timing, so that no bound of a queue is reached. All calls are of one ' +
    `process; of at most ${MAX_ROUNDS} such processes the median, least and greatest are ` +
    `shown. "${BARE}" is what a report on disk costs at least: \`openSync\` to append, \`writeSync\` ` +
    'of 400 bytes and `closeSync`, as many times, in Headcount’s own processes, a batch of them ' +
    'before each batch of track(); "p99 over bare" is the ratio of the two in one process. ' +
    '"no telemetry" calls an empty function: the cost of timing itself. Those that open a ' +
    'request for each call make a tenth of the calls. The first call here follows ' +
    'the creation of the client.',
  async measure({ workshop, contenders, nodes, options, progress }) {
    const server = await startBenchServer('healthy');
    const libraries = contenders.filter(({ isLibrary }) => isLibrary);
    /** @type {Map<string, Record<string, number[]>>} */
    const bareTimes = new Map();
    const plan = { pairs: Math.min(options.pairs, MAX_ROUNDS), progress };
    const subjects = onEachNode(libraries, nodes);
    try {
      const rows = await measureAlternately(subjects, plan, async ({ contender, node }) => {
        const calls = contender.trackCalls;
        const home = workshop.newHome();
        const isOwn = contender.kind === 'headcount';
        const script = join(workshop.appFolder(contender), 'track-probe.mjs');
        const { bare, ...probed } = await runProbe(script, {
          home,
          node,
          killAfterMs: KILL_AFTER_MS,
          env: {
            BENCH_ENDPOINT: server.address,
            BENCH_CALLS: String(calls),
            BENCH_BATCH: String(BATCH),
            ...(isOwn && { BENCH_BARE_FILE: join(home, 'bare') }),
          },
        });
        if (!isOwn) return { ...probed, calls };
        const lists = bareTimes.get(node.major) ?? {};
        for (const [key, value] of Object.entries(bare)) (lists[key] ??= []).push(value);
        bareTimes.set(node.major, lists);
        return { ...probed, calls, p99Ratio: probed.p99Us / bare.p99Us };
      });
      return rows.flatMap((row) => {
        const lists = row.metrics['p99Ratio'] && bareTimes.get(String(row.metrics['node']));
        return lists ? [row, bareRow(String(row.metrics['node']), lists)] : [row];
      });
    } finally {
      await server.close();
    }
  },
};

/** @param {string} node @param {Record<string, number[]>} lists */
const bareRow = (node, lists) => ({
  label: BARE,
  group: node,
  metrics: {
    node,
    ...Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, summarize(list)])),
  },
});
