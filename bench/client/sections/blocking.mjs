// @ts-check
import { join } from 'node:path';
import { startBenchServer } from '../bench-server.mjs';
import { measureAlternately } from '../measure-alternately.mjs';
import { onEachNode } from '../nodes.mjs';
import { runProbe } from '../run-node.mjs';
import { traceSections } from './trace-sections.mjs';

const FLUSH_AFTER_MS = 200;
const LIFE_MS = 1_500;
const MAX_ROUNDS = 20;

/** @type {import('../section.mjs').Section} */
export const blocking = {
  name: 'blocking',
  title: 'Holding up the event loop',
  columns: [
    { key: 'node', label: 'Node' },
    { key: 'maxMs', label: 'longest, ms', digits: 2, ratio: true },
    { key: 'p99Ms', label: 'p99, ms', digits: 2 },
    { key: 'delivered', label: 'delivered, share', digits: 2, plain: true },
  ],
  note:
    `The app imports the library, tracks one event and lives for ${LIFE_MS} ms; libraries with a ` +
    `flush interval get ${FLUSH_AFTER_MS} ms. Shown is how late a timer of 1 ms came ` +
    '(perf_hooks.monitorEventLoopDelay) from before the import until after the first delivery: the ' +
    'longest delay of a run, and the p99 of a run. The rows "section" are Headcount alone: the ' +
    'synchronous sections on the main thread, by trace points (bench/client/apps/tracer.mjs): public ' +
    'calls, and the callbacks of timers, worker events and exit with the microtasks they leave; ' +
    'for these, p99 is that of all runs.',
  async measure(context) {
    const { workshop, contenders, nodes, options, progress } = context;
    const plan = { pairs: Math.min(options.pairs, MAX_ROUNDS), progress };
    const libraries = contenders.filter(({ isLibrary }) => isLibrary);
    const subjects = onEachNode(libraries, nodes);
    const rows = await measureAlternately(subjects, plan, async ({ contender, node }) => {
      const server = await startBenchServer('healthy');
      const script = join(workshop.appFolder(contender), 'loop-probe.mjs');
      try {
        const delays = await runProbe(script, {
          home: workshop.newHome(),
          node,
          env: {
            BENCH_ENDPOINT: server.address,
            BENCH_FLUSH_AFTER_MS: String(FLUSH_AFTER_MS),
            BENCH_LIFE_MS: String(LIFE_MS),
          },
        });
        return { ...delays, delivered: Math.min(1, server.arrived()) };
      } finally {
        await server.close();
      }
    });
    return [...rows, ...(await traceSections(context, FLUSH_AFTER_MS))];
  },
};
