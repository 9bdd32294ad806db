// @ts-check
import { join } from 'node:path';
import { startBenchServer } from '../bench-server.mjs';
import { runNode } from '../run-node.mjs';

export const HANG_AFTER_MS = 12_000;

/**
 * One line of the table: a contender, used in one way, against one manner of server. It has a server
 * of its own, so that what arrives there is its own.
 *
 * @typedef {object} Cell
 * @property {string} label
 * @property {string} kind
 * @property {() => Promise<void>} run
 * @property {number[]} times spawn to exit of each run, ms
 * @property {() => number} hung runs that had to be killed
 * @property {() => number} arrived
 * @property {() => number} expected runs so far, those that are not measured included
 * @property {() => Promise<void>} close
 */

/**
 * @param {import('../section.mjs').Context} context
 * @param {import('../bench-server.mjs').Manner} manner
 * @returns {Promise<Cell[]>}
 */
export function createCells({ contenders, workshop }, manner) {
  const wanted = contenders.flatMap((contender) => {
    const folder = workshop.appFolder(contender);
    return contender.cli.flatMap(({ file, label }) => {
      const cell = { script: join(folder, file), kind: contender.kind };
      if (contender.kind !== 'headcount') return [{ ...cell, label: contender.label + label }];
      return [
        { ...cell, label: `${contender.label}, first run`, isFresh: true },
        { ...cell, label: `${contender.label}, later runs` },
      ];
    });
  });
  return Promise.all(wanted.map((cell) => createCell(cell, workshop, manner)));
}

/**
 * @param {{ script: string, kind: string, label: string, isFresh?: boolean }} cell
 * @param {import('../workshop.mjs').Workshop} workshop
 * @param {import('../bench-server.mjs').Manner} manner
 * @returns {Promise<Cell>}
 */
async function createCell({ script, kind, label, isFresh = false }, workshop, manner) {
  const server = await startBenchServer(manner);
  const home = workshop.newHome();
  /** @type {number[]} */
  const times = [];
  let hung = 0;
  let expected = 0;
  return {
    label,
    kind,
    times,
    hung: () => hung,
    expected: () => expected,
    arrived: server.arrived,
    close: server.close,
    async run() {
      expected += 1;
      const { ms, isHung } = await runNode(script, {
        home: isFresh ? workshop.newHome() : home,
        killAfterMs: HANG_AFTER_MS,
        env: {
          BENCH_ENDPOINT: server.address,
          HEADCOUNT_ENDPOINT: server.address,
          HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
        },
      });
      times.push(ms);
      if (isHung) hung += 1;
    },
  };
}
