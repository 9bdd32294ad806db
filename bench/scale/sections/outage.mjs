// @ts-check
import { postReports } from '../../collector/post-reports.mjs';
import { createComing } from '../people.mjs';
import { openPostgresSide } from '../postgres-side.mjs';
import { untilCounted } from '../side.mjs';
import { startNode } from '../start-node.mjs';

/** @type {import('../section.mjs').Section} */
export const outage = {
  name: 'outage',
  title: 'PostgreSQL is away',
  columns: [
    { key: 'takenPerSecond', label: 'taken meanwhile, reports/s' },
    { key: 'serverMs', label: 'until the server takes connections, ms' },
    { key: 'firstMs', label: 'until the first count, ms' },
    { key: 'drainedMs', label: 'until all are counted, ms' },
    { key: 'perSecond', label: 'counted reports/s' },
  ],
  note:
    'PostgreSQL is ended at once, as by a power cut, and started again once all reports are ' +
    'acknowledged by one collector, which were posted over HTTP in batches. Times are from its start.',
  async measure({ site: { parts, primary, folder }, options, progress }) {
    const node = await startNode(folder('node-0'), { store: primary.url });
    const side = await openPostgresSide(parts, primary.url);
    const before = await side.counted();
    await primary.halt();
    await side.end();
    const posted = performance.now();
    await postReports(node.url, options.backlog, createComing(options.users), progress);
    const took = performance.now() - posted;
    const began = performance.now();
    await primary.resume();
    const serverMs = performance.now() - began;
    const again = await openPostgresSide(parts, primary.url);
    const drained = await untilCounted(again, before, before + options.backlog, progress);
    await again.end();
    await node.stop();
    return [
      {
        label: `${options.backlog} reports`,
        metrics: {
          takenPerSecond: (options.backlog * 1000) / took,
          serverMs,
          firstMs: drained.firstAtMs - began,
          drainedMs: drained.lastAtMs - began,
          perSecond: drained.perSecond,
        },
      },
    ];
  },
};
