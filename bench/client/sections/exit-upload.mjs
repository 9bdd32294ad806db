// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { MANNERS } from '../bench-server.mjs';
import { canHideNames } from '../hidden-names.mjs';
import { createUploadCells, HANG_AFTER_MS } from './cli-cells.mjs';
import { toCliRow } from './cli-row.mjs';
import { AT_ONCE, measureCells, SLOW_MS, SLOW_RUNS } from './measure-cells.mjs';

const ARRIVAL_DEADLINE_MS = 15_000;

/** @type {import('../section.mjs').Section} */
export const exitUpload = {
  name: 'exit',
  title: 'A CLI that tracks one event, whose exit starts the upload',
  columns: [
    { key: 'node', label: 'Node' },
    { key: 'wallMs', label: 'spawn to exit, ms', digits: 0, p99: true, ratio: true },
    { key: 'overheadMs', label: 'over no telemetry, ms', digits: 1 },
    { key: 'overSpawnerMs', label: 'over a spawn at exit, ms', digits: 1 },
    { key: 'arrivedPercent', label: 'arrived, %', digits: 0, plain: true },
    { key: 'runs', label: 'runs', digits: 0, plain: true },
  ],
  note:
    'Wall clock of the whole process. Refusing: the port is closed; silent: accepts the request and ' +
    'never answers; slow: answers after 5 s; unresolved: no name server answers, in a network that ' +
    'each of these programs is put into by `nsenter`. "over no telemetry" is the difference to the run of ' +
    'the same app without telemetry in the same round; "over a spawn at exit" the difference to an ' +
    "app without telemetry whose `exit` listener spawns `node -e ''` and leaves it behind. Arrived: " +
    'events whose request had come in ' +
    'whole 15 s after the last exit; for Headcount by the process it leaves behind, with an interval ' +
    'of 0, so that every exit uploads. First run: a fresh home each ' +
    `time; later runs: one home for all. After ${HANG_AFTER_MS / 1000} s a process is ended and ` +
    `counts as hanging. What takes over ${SLOW_MS / 1000} s is run ${SLOW_RUNS} times, ` +
    `${AT_ONCE} at once, since all it does is wait.`,
  async measure(context) {
    const rows = [];
    for (const manner of MANNERS) {
      if (manner === 'unresolved' && !canHideNames()) continue;
      rows.push(...(await measureManner(context, manner)));
    }
    return rows;
  },
};

/**
 * @param {import('../section.mjs').Context} context
 * @param {import('../bench-server.mjs').Manner} manner
 * @returns {Promise<import('../../section.mjs').Row[]>}
 */
async function measureManner(context, manner) {
  /** @param {string} text */
  const progress = (text) => context.progress(`${manner} server, ${text}`);
  const cells = await createUploadCells(context, manner);
  try {
    const runs = await measureCells(cells, context.options.pairs, progress);
    progress('waiting for what arrives late');
    const sending = cells.filter(({ kind }) => kind === 'headcount' || kind === 'peer');
    /** @param {import('./cli-cells.mjs').Cell} cell */
    const expected = (cell) => runs.get(cell)?.all ?? 0;
    const deadline = performance.now() + ARRIVAL_DEADLINE_MS;
    while (
      manner !== 'refusing' &&
      manner !== 'unresolved' &&
      performance.now() < deadline &&
      sending.some((cell) => cell.arrived() < expected(cell))
    ) {
      await pause(100);
    }
    return cells.map((cell) => {
      const { label, group, metrics, ...row } = toCliRow(cell, runs);
      const arrived = sending.includes(cell) ? (cell.arrived() / expected(cell)) * 100 : null;
      return {
        ...row,
        label: `${manner}: ${label}`,
        group: `${manner} ${group}`,
        metrics: { ...metrics, arrivedPercent: arrived },
      };
    });
  } finally {
    await Promise.all(cells.map(({ close }) => close()));
  }
}
