// @ts-check
import { openBacklog } from '../backlog.mjs';
import { ours } from '../contenders.mjs';
import { putLoad } from '../load.mjs';
import { LOAD_COLUMNS, NEW_SHARE, toMetrics } from '../measure-load.mjs';

const LOADS = [
  { label: 'single reports, 64 connections', connections: 64, batch: 1 },
  { label: 'single reports, 256 connections', connections: 256, batch: 1 },
  { label: 'batches of 50, 32 connections', connections: 32, batch: 50 },
];

/** @type {import('../section.mjs').Section} */
export const sustained = {
  name: 'sustained',
  title: 'Headcount with the large store, for as long as the load lasts',
  columns: [
    ...LOAD_COLUMNS.map((column) => ({ ...column, ratio: false })),
    { key: 'drainedPerSecond', label: 'counted meanwhile, /s', digits: 0 },
    { key: 'backlog', label: 'backlog at the end', digits: 0 },
    { key: 'drainedAlonePerSecond', label: 'counted afterwards, /s', digits: 0 },
  ],
  note:
    'Reports are acknowledged once they are in the journal, and counted behind that. Backlog: ' +
    'acknowledged and not yet counted when the load ends; it is counted afterwards, with no load.',
  async measure(context) {
    const rows = [];
    for (const load of LOADS) {
      context.progress(load.label);
      rows.push({ label: load.label, metrics: await measureSustained(context, load) });
    }
    return rows;
  },
};

/** @param {import('../section.mjs').Context} context @param {(typeof LOADS)[number]} load */
async function measureSustained({ workshop, options, progress }, { connections, batch }) {
  const folder = await workshop.seeded(ours, options.largeUsers);
  const metrics = await workshop.serve(ours, folder, async (server) => {
    const backlog = openBacklog(folder);
    const cpuBefore = server.cpuMs();
    const before = backlog.read();
    const outcome = await putLoad(server.url, {
      ...{ path: ours.posts, connections, batch, seconds: options.seconds },
      users: Math.ceil(options.largeUsers * NEW_SHARE),
    });
    const after = backlog.read();
    const drained = await backlog.drained(progress);
    backlog.close();
    const left = drained.counted - after.counted;
    return {
      ...toMetrics(outcome, batch, server.cpuMs() - cpuBefore),
      peakMb: server.peakMb(),
      drainedPerSecond: rate(before, after),
      backlog: after.onDisk - after.counted,
      // What is done in a moment says nothing of a rate.
      drainedAlonePerSecond: left > MANY ? rate(after, drained) : null,
    };
  });
  workshop.discard(folder);
  return metrics;
}

const MANY = 10_000;

/** @typedef {import('../backlog.mjs').Progress} Progress */
/** @param {Progress} from @param {Progress} to */
const rate = (from, to) => ((to.counted - from.counted) * 1000) / (to.atMs - from.atMs);
