// @ts-check
import { summarize } from '../../statistics.mjs';
import { HANG_AFTER_MS } from './cli-cells.mjs';

/**
 * @typedef {import('./cli-cells.mjs').Cell} Cell
 * @typedef {import('./measure-cells.mjs').Runs} Runs
 */

/**
 * @param {Cell} cell
 * @param {ReadonlyMap<Cell, Runs>} runs of all cells of the table's group
 * @returns {import('../../section.mjs').Row}
 */
export function toCliRow(cell, runs) {
  const { label, kind, node } = cell;
  const { times, hung } = runs.get(cell) ?? { times: [], hung: 0 };
  const hangs = hung * 2 > times.length ? `hangs (>${HANG_AFTER_MS / 1000} s)` : undefined;
  /** @param {string} baseKind */
  function over(baseKind) {
    if (kind === baseKind) return null;
    const base = [...runs.keys()].find((other) => other.kind === baseKind && other.node === node);
    return hangs ?? summarize(differences(times, (base && runs.get(base)?.times) ?? []));
  }
  return {
    label,
    group: node.major,
    isBase: kind === 'none',
    metrics: {
      node: node.major,
      wallMs: hangs ?? summarize(times),
      overheadMs: over('none'),
      ...(kind === 'headcount' && { overSpawnerMs: over('spawner') }),
      hung,
      runs: times.length,
    },
  };
}

/**
 * To the base's run of the same round, or to its median where there were not as many rounds.
 *
 * @param {readonly number[]} times
 * @param {readonly number[]} bases
 */
function differences(times, bases) {
  const median = summarize(bases)?.median;
  if (median === undefined) return [];
  return times.map(
    (ms, round) => ms - (times.length === bases.length ? (bases[round] ?? 0) : median),
  );
}
