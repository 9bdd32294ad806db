// @ts-check
import { putLoad } from './load.mjs';

/** One in ten reports comes from someone who is new. */
export const NEW_SHARE = 1.1;

/** @type {readonly import('../section.mjs').Column[]} */
export const LOAD_COLUMNS = [
  { key: 'perSecond', label: 'reports/s', digits: 0, ratio: true },
  { key: 'p50Ms', label: 'p50, ms', digits: 1 },
  { key: 'p99Ms', label: 'p99, ms', digits: 1 },
  { key: 'cpuUs', label: 'CPU, µs a report', digits: 0 },
  { key: 'failed', label: 'not taken', digits: 0 },
  { key: 'peakMb', label: 'peak memory, MB', digits: 0 },
];

/**
 * Posts reports to a contender that has its users already.
 *
 * @param {import('./section.mjs').Context} context
 * @param {import('./contenders.mjs').Contender} contender
 * @param {{ users: number, connections: number, batch: number }} load
 */
export async function measureLoad({ workshop, options, progress }, contender, { users, ...load }) {
  const folder = await workshop.seeded(contender, users);
  const metrics = await workshop.serve(contender, folder, async (server) => {
    const cpuBefore = server.cpuMs();
    const outcome = await putLoad(server.url, {
      ...load,
      path: contender.posts,
      seconds: options.seconds,
      users: Math.ceil(users * NEW_SHARE),
    });
    await contender.settle?.(folder, progress);
    const cpuMs = server.cpuMs() - cpuBefore;
    return { ...toMetrics(outcome, load.batch, cpuMs), peakMb: server.peakMb() };
  });
  workshop.discard(folder);
  return metrics;
}

/**
 * @param {import('./load.mjs').Outcome} outcome
 * @param {number} batch
 * @param {number} cpuMs that the server took for all of it
 */
export function toMetrics({ requests, refused, broken, seconds, p50Ms, p99Ms }, batch, cpuMs) {
  const done = (requests - refused) * batch;
  return {
    perSecond: done / seconds,
    ...{ p50Ms, p99Ms },
    cpuUs: done > 0 ? (cpuMs * 1000) / done : null,
    failed: refused + broken,
  };
}
