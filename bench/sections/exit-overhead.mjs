// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { MANNERS } from '../bench-server.mjs';
import { summarize } from '../statistics.mjs';
import { createCells, HANG_AFTER_MS } from './exit-cells.mjs';

/** What takes longer is waiting: it is run three times, several at once, and not in every round. */
const SLOW_MS = 4_000;
const SLOW_RUNS = 3;
const AT_ONCE = 2;
/** How long the CPU that Headcount's child uses after the exit is kept out of the next run. */
const SETTLE_MS = 500;
const ARRIVAL_DEADLINE_MS = 15_000;

/** @typedef {import('./exit-cells.mjs').Cell} Cell */

/** @type {import('../section.mjs').Section} */
export const exitOverhead = {
  name: 'exit',
  title: 'A CLI that tracks one event and ends',
  columns: [
    { key: 'wallMs', label: 'spawn to exit, ms', digits: 0, ratio: true },
    { key: 'overheadMs', label: 'over no telemetry, ms', digits: 1 },
    { key: 'arrivedPercent', label: 'arrived, %', digits: 0, plain: true },
    { key: 'runs', label: 'runs', digits: 0, plain: true },
  ],
  note:
    'Wall clock of the whole process. Refusing: the port is closed; silent: accepts the request and ' +
    'never answers; slow: answers after 5 s. "over no telemetry" is the difference to the run of ' +
    'the same app without telemetry in the same round. Arrived: events whose request had come in ' +
    'whole 15 s after the last exit; for Headcount by the process it leaves behind, with ' +
    '`HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS=0`, so that every exit uploads. First run: a fresh home each ' +
    `time; later runs: one home for all. After ${HANG_AFTER_MS / 1000} s a process is ended and ` +
    `counts as hanging. What takes over ${SLOW_MS / 1000} s is run ${SLOW_RUNS} times, ` +
    `${AT_ONCE} at once, since all it does is wait.`,
  async measure(context) {
    const rows = [];
    for (const manner of MANNERS) rows.push(...(await measureManner(context, manner)));
    return rows;
  },
};

/**
 * @param {import('../section.mjs').Context} context
 * @param {import('../bench-server.mjs').Manner} manner
 */
async function measureManner(context, manner) {
  const { options } = context;
  /** @param {string} text */
  const progress = (text) => context.progress(`${manner} server, ${text}`);
  const cells = await createCells(context, manner);
  const peers = cells.filter(({ kind }) => kind === 'peer');

  progress('first runs of the peers');
  await severalAtOnce(peers);
  const slow = peers.filter(({ times: [first = 0] }) => first > SLOW_MS);
  progress(`${slow.length} that wait`);
  for (let run = 1; run < Math.min(SLOW_RUNS, options.pairs); run += 1) await severalAtOnce(slow);

  const fast = cells.filter((cell) => !slow.includes(cell));
  for (const cell of fast) {
    if (cell.kind !== 'peer') await runAndSettle(cell, manner);
    cell.times.length = 0; // the first run warmed the disk cache
  }
  for (let round = 1; round <= options.pairs; round += 1) {
    progress(`round ${round} of ${options.pairs}`);
    for (const cell of round % 2 ? fast : fast.toReversed()) await runAndSettle(cell, manner);
  }

  progress('waiting for what arrives late');
  const deadline = performance.now() + ARRIVAL_DEADLINE_MS;
  const sending = manner === 'refusing' ? [] : cells.filter(({ kind }) => kind !== 'none');
  while (performance.now() < deadline && sending.some((cell) => cell.arrived() < cell.expected())) {
    await pause(100);
  }
  const base = cells.find(({ kind }) => kind === 'none');
  const rows = cells.map((cell) => rowOf(cell, base?.times ?? [], manner));
  for (const cell of cells) await cell.close();
  return rows;
}

/** @param {readonly Cell[]} cells */
async function severalAtOnce(cells) {
  for (let start = 0; start < cells.length; start += AT_ONCE) {
    await Promise.all(cells.slice(start, start + AT_ONCE).map((cell) => cell.run()));
  }
}

/** @param {Cell} cell @param {string} manner */
async function runAndSettle(cell, manner) {
  await cell.run();
  if (cell.kind !== 'headcount') return;
  const deadline = performance.now() + (manner === 'healthy' ? 5_000 : SETTLE_MS);
  do await pause(50);
  while (
    performance.now() < deadline &&
    (manner !== 'healthy' || cell.arrived() < cell.expected())
  );
  if (manner === 'healthy') await pause(50);
}

/**
 * @param {Cell} cell
 * @param {readonly number[]} baseTimes
 * @param {string} manner
 * @returns {import('../section.mjs').Row}
 */
function rowOf(cell, baseTimes, manner) {
  const { times, label, kind } = cell;
  const isHanging = cell.hung() * 2 > times.length;
  const base = summarize(baseTimes)?.median ?? 0;
  const overheads = times.map(
    (ms, run) => ms - (times.length === baseTimes.length ? (baseTimes[run] ?? base) : base),
  );
  const hangs = `hangs (>${HANG_AFTER_MS / 1000} s)`;
  return {
    label: `${manner}: ${label}`,
    group: manner,
    isBase: kind === 'none',
    metrics: {
      wallMs: isHanging ? hangs : summarize(times),
      overheadMs: kind === 'none' ? null : isHanging ? hangs : summarize(overheads),
      arrivedPercent: kind === 'none' ? null : (cell.arrived() / cell.expected()) * 100,
      hung: cell.hung(),
      runs: times.length,
    },
  };
}
