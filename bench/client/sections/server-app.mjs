// @ts-check
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchServer } from '../bench-server.mjs';
import { measureAlternately } from '../measure-alternately.mjs';
import { onEachNode } from '../nodes.mjs';
import { runProbe } from '../run-node.mjs';

const MAX_ROUNDS = 3;
const ARRIVAL_DEADLINE_MS = 15_000;
const KILL_MARGIN_MS = 60_000;

/** @type {import('../section.mjs').Section} */
export const serverApp = {
  name: 'server',
  title: 'A server app tracking 1 000 events a second',
  columns: [
    { key: 'p99Ms', label: 'event-loop delay p99, ms', digits: 2, ratio: true },
    { key: 'maxMs', label: 'longest, ms', digits: 1 },
    { key: 'cpuPercent', label: 'CPU, %', digits: 1 },
    { key: 'rssMb', label: 'resident memory, MB', digits: 0, ratio: true },
    { key: 'heapMb', label: 'heap, MB', digits: 0 },
    { key: 'deliveredPercent', label: 'delivered, %', digits: 1 },
    { key: 'closeMs', label: 'close, ms', digits: 0 },
  ],
  note:
    'An app that does nothing else, with a healthy server; libraries with a flush interval get ' +
    'one second. Delay as above; CPU of the whole process, threads included; memory at the end, ' +
    'before closing; delivered is what had arrived 15 s after the app closed the library and ended.',
  async measure({ workshop, contenders, nodes, options, progress }) {
    const plan = { pairs: Math.min(options.pairs, MAX_ROUNDS), progress };
    const libraries = contenders.filter(({ isLibrary }) => isLibrary);
    const subjects = onEachNode(libraries, nodes.slice(0, 1));
    return measureAlternately(subjects, plan, async ({ contender, node }) => {
      const server = await startBenchServer('healthy');
      const script = join(workshop.appFolder(contender), 'server-probe.mjs');
      try {
        const { tracked, ...probed } = await runProbe(script, {
          home: workshop.newHome(),
          node,
          killAfterMs: options.serverSeconds * 1000 + KILL_MARGIN_MS,
          env: { BENCH_ENDPOINT: server.address, BENCH_SECONDS: String(options.serverSeconds) },
        });
        const deadline = performance.now() + ARRIVAL_DEADLINE_MS;
        if (contender.kind === 'none') return probed;
        while (server.arrived() < tracked && performance.now() < deadline) await pause(50);
        return { ...probed, deliveredPercent: (server.arrived() / tracked) * 100 };
      } finally {
        await server.close();
      }
    });
  },
};
