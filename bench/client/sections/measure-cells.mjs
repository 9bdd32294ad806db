// @ts-check

/** What takes longer is waiting: it is run three times, several at once, and not in every round. */
export const SLOW_MS = 4_000;
export const SLOW_RUNS = 3;
export const AT_ONCE = 2;

/**
 * @typedef {import('./cli-cells.mjs').Cell} Cell
 *
 * @typedef {object} Runs
 * @property {number[]} times spawn to exit of each measured run, ms
 * @property {number} hung measured runs that had to be killed
 * @property {number} all runs, those that are not measured included
 */

/**
 * @param {readonly Cell[]} cells
 * @param {number} pairs
 * @param {(text: string) => void} progress
 * @returns {Promise<Map<Cell, Runs>>}
 */
export async function measureCells(cells, pairs, progress) {
  /** @type {Map<Cell, Runs>} */
  const runs = new Map(cells.map((cell) => [cell, { times: [], hung: 0, all: 0 }]));
  /** @param {Cell} cell @param {boolean} isMeasured */
  async function run(cell, isMeasured = true) {
    const { ms, isHung } = await cell.run();
    const of = runs.get(cell);
    if (!of) return;
    of.all += 1;
    if (!isMeasured) return;
    of.times.push(ms);
    if (isHung) of.hung += 1;
  }
  /** @param {readonly Cell[]} several */
  async function runSeveral(several) {
    for (let start = 0; start < several.length; start += AT_ONCE) {
      await Promise.all(several.slice(start, start + AT_ONCE).map((cell) => run(cell)));
    }
  }

  const peers = cells.filter(({ kind }) => kind === 'peer');
  progress('first runs of the peers');
  await runSeveral(peers);
  const slow = peers.filter((cell) => (runs.get(cell)?.times[0] ?? 0) > SLOW_MS);
  progress(`${slow.length} that wait`);
  for (let round = 1; round < Math.min(SLOW_RUNS, pairs); round += 1) await runSeveral(slow);

  const fast = cells.filter((cell) => !slow.includes(cell));
  for (const cell of fast) {
    if (cell.kind === 'peer') Object.assign(runs.get(cell) ?? {}, { times: [], hung: 0 });
    else await run(cell, false).then(cell.settle);
  }
  for (let round = 1; round <= pairs; round += 1) {
    progress(`round ${round} of ${pairs}`);
    for (const cell of round % 2 ? fast : fast.toReversed()) await run(cell).then(cell.settle);
  }
  return runs;
}
