// @ts-check
import { join } from 'node:path';
import Database from 'libsql';
import { openBacklog } from '../backlog.mjs';
import { ours } from '../contenders.mjs';
import { postReports } from '../post-reports.mjs';
import { reportOf } from '../reports.mjs';

/** @type {import('../section.mjs').Section} */
export const restart = {
  name: 'restart',
  title: 'Starting with the large store',
  columns: [
    { key: 'startMs', label: 'first answer, ms', digits: 0 },
    { key: 'acknowledgedMs', label: 'first report on disk, ms', digits: 0 },
    { key: 'drainedMs', label: 'all counted, ms', digits: 0 },
    { key: 'drainedPerSecond', label: 'counted, /s', digits: 0 },
    { key: 'peakMb', label: 'peak memory, MB', digits: 0 },
  ],
  note:
    'Milliseconds from the start of the process. The reports that wait were posted to a collector ' +
    'whose counts were locked by another process, so that it could count none, and that was killed ' +
    'with kill -9 then. Counting them is with no load, and the times include it.',
  async measure(context) {
    const { options } = context;
    return [
      { label: 'nothing waits', metrics: await measureStart(context, 0) },
      {
        label: `${options.undrained} reports wait to be counted`,
        metrics: await measureStart(context, options.undrained),
      },
    ];
  },
};

/** @param {import('../section.mjs').Context} context @param {number} waiting */
async function measureStart({ workshop, options, progress }, waiting) {
  const folder = await workshop.seeded(ours, options.largeUsers);
  if (waiting > 0) {
    await workshop.serve(ours, folder, async (server) => {
      const counts = new Database(join(folder, 'counts.db'));
      counts.exec('BEGIN IMMEDIATE');
      /** @param {number} index */
      const next = (index) => reportOf(index % options.largeUsers, new Date());
      await postReports(server.url, waiting, next, progress);
      await server.stop('SIGKILL');
      counts.exec('ROLLBACK');
      counts.close();
    });
  }
  const metrics = await workshop.serve(ours, folder, async (server) => {
    const answeredAt = performance.now();
    const backlog = openBacklog(folder);
    await postReports(server.url, 1, () => reportOf(0, new Date()), progress);
    const acknowledgedMs = server.startMs + performance.now() - answeredAt;
    const drained = await backlog.drained(progress);
    backlog.close();
    const drainedMs = server.startMs + drained.atMs - answeredAt;
    return {
      startMs: server.startMs,
      acknowledgedMs,
      drainedMs,
      drainedPerSecond: waiting > 0 ? (waiting * 1000) / drainedMs : null,
      peakMb: server.peakMb(),
    };
  });
  workshop.discard(folder);
  return metrics;
}
