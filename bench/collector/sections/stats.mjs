// @ts-check
import { putLoad } from '../load.mjs';
import { toMetrics } from '../measure-load.mjs';

const CONNECTIONS = 8;

/** @type {import('../section.mjs').Section} */
export const stats = {
  name: 'stats',
  title: 'GET /stats',
  columns: [
    { key: 'perSecond', label: 'answers/s', digits: 2, ratio: true },
    { key: 'p50Ms', label: 'p50, ms', digits: 1 },
    { key: 'p99Ms', label: 'p99, ms', digits: 1 },
    { key: 'cpuUs', label: 'CPU, µs an answer', digits: 0 },
    { key: 'failed', label: 'without answer', digits: 0 },
    { key: 'restMb', label: 'memory at rest, MB', digits: 0 },
    { key: 'peakMb', label: 'peak memory, MB', digits: 0 },
  ],
  note:
    `${CONNECTIONS} connections ask for the same counts while no reports come in. ` +
    'At rest: after the start, before the first question.',
  async measure(context) {
    const { options, contenders, progress } = context;
    const rows = [];
    for (const users of [options.smallUsers, options.largeUsers]) {
      for (const contender of contenders) {
        progress(`${users} users: ${contender.label}`);
        rows.push({
          label: `${users} users: ${contender.label}`,
          group: String(users),
          isBase: contender.isBase ?? false,
          metrics: await measureStats(context, contender, users),
        });
      }
    }
    return rows;
  },
};

/**
 * @param {import('../section.mjs').Context} context
 * @param {import('../contenders.mjs').Contender} contender
 * @param {number} users
 */
async function measureStats({ workshop, options }, contender, users) {
  const folder = await workshop.seeded(contender, users);
  const metrics = await workshop.serve(contender, folder, async (server) => {
    const restMb = server.memoryMb();
    const cpuBefore = server.cpuMs();
    const load = { path: '/stats', connections: CONNECTIONS, seconds: options.seconds };
    const outcome = await putLoad(server.url, load);
    const cpuMs = server.cpuMs() - cpuBefore;
    return { ...toMetrics(outcome, 1, cpuMs), restMb, peakMb: server.peakMb() };
  });
  workshop.discard(folder);
  return metrics;
}
