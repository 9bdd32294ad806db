// @ts-check
import { join } from 'node:path';
import { startBenchServer } from '../bench-server.mjs';
import { exitUploadEvery } from '../known-home.mjs';
import { runProbe } from '../run-node.mjs';
import { summarize } from '../../statistics.mjs';

const LIFE_MS = 900;

/**
 * The synchronous sections of Headcount, each run twice: once living until after the first send,
 * once ending at once, with a home that is new each time.
 *
 * @param {import('../section.mjs').Context} context
 * @param {number} flushIntervalMs
 * @returns {Promise<import('../../section.mjs').Row[]>}
 */
export async function traceSections(
  { workshop, contenders, nodes, options, progress },
  flushIntervalMs,
) {
  const headcount = contenders.find(({ kind }) => kind === 'headcount');
  if (!headcount) return [];
  const folder = workshop.appFolder(headcount);
  const traced = nodes.map((node) => ({
    node,
    longest: /** @type {number[]} */ ([]),
    times: /** @type {Record<string, number[]>} */ ({}),
  }));
  const server = await startBenchServer('healthy');
  for (let run = 0; run < options.pairs; run += 1) {
    for (const { node, longest, times } of traced) {
      for (const life of [String(LIFE_MS), '']) {
        progress(`tracing run ${run + 1} of ${options.pairs}, Node ${node.major}`);
        const { sections } = await runProbe(join(folder, 'trace-probe.mjs'), {
          home: workshop.newHome(),
          node,
          nodeArgs: ['--import', join(folder, 'tracer.mjs')],
          env: {
            BENCH_ENDPOINT: server.address,
            BENCH_FLUSH_AFTER_MS: String(flushIntervalMs),
            BENCH_LIFE_MS: life,
            ...exitUploadEvery(0),
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
  }
  await server.close();
  return traced.flatMap(({ node, longest, times }) =>
    Object.entries({ 'longest of a run': longest, ...times }).map(([name, list]) => {
      const summary = summarize(list);
      return {
        label: `headcount section: ${name}`,
        group: 'sections',
        metrics: { node: node.major, maxMs: summary, p99Ms: summary?.p99 ?? null },
      };
    }),
  );
}
