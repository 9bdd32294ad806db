// @ts-check
import { createUsualCells } from './cli-cells.mjs';
import { toCliRow } from './cli-row.mjs';
import { AT_ONCE, measureCells, SLOW_MS, SLOW_RUNS } from './measure-cells.mjs';

/** @type {import('../section.mjs').Section} */
export const usualRun = {
  name: 'cli',
  title: 'A CLI that tracks one event, in the usual run',
  columns: [
    { key: 'node', label: 'Node' },
    { key: 'wallMs', label: 'spawn to exit, ms', digits: 1, p99: true, ratio: true },
    { key: 'overheadMs', label: 'over no telemetry, ms', digits: 1, p99: true },
    { key: 'runs', label: 'runs', digits: 0, plain: true },
  ],
  note:
    'Wall clock of the whole process, with a healthy server. Headcount has a home that former runs ' +
    'have used and starts no process, since the last upload at exit was less than the interval ago ' +
    '(ten minutes by default): the usual run of a program that is run often. The peers send in ' +
    'every run. "over no telemetry" is the difference to the run of the same app without telemetry ' +
    `in the same round. One run of each before is not counted. What takes over ${SLOW_MS / 1000} s ` +
    `is run ${SLOW_RUNS} times, ${AT_ONCE} at once.`,
  async measure(context) {
    const { contenders, options, progress } = context;
    const compared = contenders.filter(({ kind }) => kind !== 'spawner');
    const cells = await createUsualCells({ ...context, contenders: compared });
    try {
      const runs = await measureCells(cells, options.pairs, progress);
      return cells.map((cell) => toCliRow(cell, runs));
    } finally {
      await Promise.all(cells.map(({ close }) => close()));
    }
  },
};
