// @ts-check
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchServer } from '../bench-server.mjs';
import { exitUploadEvery, openKnownHome } from '../known-home.mjs';
import { onEachNode } from '../nodes.mjs';
import { runNode } from '../run-node.mjs';

export const HANG_AFTER_MS = 12_000;
/** How long the CPU that a process uses after the exit is kept out of the next run. */
const SETTLE_MS = 500;
const SPAWNED_ENDS_MS = 150;
const ARRIVAL_DEADLINE_MS = 5_000;

/**
 * One line of a table: a contender, used in one way, against one manner of server, on one release of
 * Node.js. It has a server of its own, so that what arrives there is its own.
 *
 * @typedef {object} Cell
 * @property {string} label
 * @property {string} kind
 * @property {import('../nodes.mjs').NodeRelease} node
 * @property {() => Promise<{ ms: number, isHung: boolean }>} run
 * @property {() => Promise<void>} settle waits until what a run started is over
 * @property {() => number} arrived
 * @property {() => Promise<void>} close
 *
 * @typedef {import('../section.mjs').Context} Context
 * @typedef {import('../bench-server.mjs').Manner} Manner
 */

/**
 * Headcount starts no process at exit.
 *
 * @param {Context} context
 * @returns {Promise<Cell[]>}
 */
export async function createUsualCells(context) {
  const { workshop } = context;
  return Promise.all(
    scriptsOf(context).map(async ({ script, ...cell }) => {
      if (cell.kind !== 'headcount') return createCell({ ...cell, script }, context, 'healthy');
      const home = await openKnownHome(script, { home: workshop.newHome(), node: cell.node });
      return {
        ...cell,
        run: () =>
          home.use((options) => runCli(script, cell.kind, { ...options, node: cell.node })),
        settle: async () => undefined,
        arrived: () => 0,
        close: home.close,
      };
    }),
  );
}

/**
 * Headcount starts a process at every exit.
 *
 * @param {Context} context
 * @param {Manner} manner
 * @returns {Promise<Cell[]>}
 */
export async function createUploadCells(context, manner) {
  const cells = scriptsOf(context).flatMap((cell) => {
    if (cell.kind !== 'headcount') return [cell];
    return [
      { ...cell, label: `${cell.label}, first run`, isFresh: true },
      { ...cell, label: `${cell.label}, later runs` },
    ];
  });
  // One for all: nothing arrives there, and each is a process.
  const server = manner === 'unresolved' ? await startBenchServer(manner) : undefined;
  return Promise.all(cells.map((cell) => createCell(cell, context, manner, server)));
}

/** @param {Context} context */
const scriptsOf = ({ contenders, nodes, workshop }) =>
  onEachNode(contenders, nodes).flatMap(({ contender, node }) =>
    contender.cli.map(({ file, label }) => ({
      script: join(workshop.appFolder(contender), file),
      kind: contender.kind,
      label: contender.label + label,
      node,
    })),
  );

/**
 * @param {ReturnType<typeof scriptsOf>[number] & { isFresh?: boolean }} cell
 * @param {Context} context
 * @param {Manner} manner
 * @param {import('../bench-server.mjs').BenchServer} [given]
 * @returns {Promise<Cell>}
 */
async function createCell(
  { script, kind, label, node, isFresh = false },
  { workshop },
  manner,
  given,
) {
  const server = given ?? (await startBenchServer(manner));
  const home = workshop.newHome();
  let expected = 0;
  return {
    ...{ label, kind, node, arrived: server.arrived, close: server.close },
    async run() {
      expected += 1;
      return runCli(script, kind, {
        home: isFresh ? workshop.newHome() : home,
        node,
        killAfterMs: HANG_AFTER_MS,
        wrapper: server.wrapper,
        env: {
          BENCH_ENDPOINT: server.address,
          HEADCOUNT_ENDPOINT: server.address,
          ...exitUploadEvery(0),
        },
      });
    },
    async settle() {
      if (kind === 'spawner') return void (await pause(SPAWNED_ENDS_MS));
      if (kind !== 'headcount') return;
      if (manner !== 'healthy') return void (await pause(SETTLE_MS));
      const deadline = performance.now() + ARRIVAL_DEADLINE_MS;
      while (performance.now() < deadline && server.arrived() < expected) await pause(50);
      await pause(50);
    },
  };
}

/**
 * @param {string} script
 * @param {string} kind
 * @param {import('../run-node.mjs').RunOptions} options
 */
async function runCli(script, kind, options) {
  const finished = await runNode(script, options);
  // A peer may fail where its server does; an app that did not even start would look fast.
  if (kind !== 'peer' && finished.code !== 0) {
    throw new Error(`${script} ${finished.isHung ? 'hung' : `ended with ${finished.code}`}`);
  }
  return finished;
}
