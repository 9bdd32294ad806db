// @ts-check
import { join } from 'node:path';
import { startBenchServer } from '../bench-server.mjs';
import { runProbe } from '../run-node.mjs';
import { summarize } from '../statistics.mjs';

const LIFE_MS = 900;

/**
 * The synchronous sections of Headcount, each run twice: once living until after the first send,
 * once ending at once, with a home that is new each time.
 *
 * @param {import('../section.mjs').Context} context
 * @param {number} flushIntervalMs
 * @returns {Promise<import('../section.mjs').Row[]>}
 */
export async function traceSections({ workshop, contenders, options, progress }, flushIntervalMs) {
  const headcount = contenders.find(({ kind }) => kind === 'headcount');
  if (!headcount) return [];
  const folder = workshop.appFolder(headcount);
  /** @type {Record<string, number[]>} */
  const times = {};
  /** @type {number[]} */
  const longest = [];
  const server = await startBenchServer('healthy');
  for (let run = 0; run < options.pairs; run += 1) {
    for (const life of [String(LIFE_MS), '']) {
      progress(`tracing run ${run + 1} of ${options.pairs}`);
      const { sections } = await runProbe(join(folder, 'trace-probe.mjs'), {
        home: workshop.newHome(),
        nodeArgs: ['--import', join(folder, 'tracer.mjs')],
        env: {
          BENCH_ENDPOINT: server.address,
          BENCH_FLUSH_AFTER_MS: String(flushIntervalMs),
          BENCH_LIFE_MS: life,
          HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
        },
      });
      let max = 0;
      for (const { name, ms } of sections) {
        const key = name === 'exit' ? (life ? 'exit, all sent' : 'exit, starts the child') : name;
        (times[key] ??= []).push(ms);
        max = Math.max(max, ms);
      }
      longest.push(max);
    }
  }
  await server.close();
  const rows = Object.entries({ 'longest of a run': longest, ...times });
  return rows.map(([name, list]) => {
    const summary = summarize(list);
    return {
      label: `headcount section: ${name}`,
      group: 'sections',
      metrics: { maxMs: summary, p99Ms: summary?.p99 ?? null },
    };
  });
}
