// @ts-check
import { startBenchServer } from './bench-server.mjs';
import { runNode } from './run-node.mjs';
import { untilUnused } from './until-unused.mjs';

/** So few that the queue never comes near its bound. */
const RUNS_BETWEEN_UPLOADS = 10;
const UPLOAD_DEADLINE_MS = 20_000;

/**
 * How often the exit of a program may upload.
 *
 * @param {number} ms
 */
export const exitUploadEvery = (ms) => ({
  HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: String(ms),
});

/** Longer than a benchmark. */
const NEVER_MS = 86_400_000;

/**
 * A home as a user has it who ran the app before: the ID is stored, all reports are delivered, and
 * the exit's upload is not due.
 *
 * @typedef {object} KnownHome
 * @property {<T>(run: (options: { home: string, env: Record<string, string> }) => Promise<T>) => Promise<T>} use
 * runs an app that tracks one event and ends, and starts no process
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} cli the app that makes it known
 * @param {{ home: string, node: import('./nodes.mjs').NodeRelease }} where
 * @returns {Promise<KnownHome>}
 */
export async function openKnownHome(cli, { home, node }) {
  const server = await startBenchServer('healthy');
  const env = { HEADCOUNT_ENDPOINT: server.address, BENCH_ENDPOINT: server.address };
  let tracked = 0;
  let runs = 0;

  async function upload() {
    tracked += 1;
    await runNode(cli, { home, node, env: { ...env, ...exitUploadEvery(0) } });
    const isIdle = await untilUnused(home, UPLOAD_DEADLINE_MS);
    if (!isIdle || server.arrived() !== tracked) {
      throw new Error(`${server.arrived()} of ${tracked} events arrived in ${home}`);
    }
  }

  return {
    async use(run) {
      if (runs % RUNS_BETWEEN_UPLOADS === 0) await upload();
      runs += 1;
      tracked += 1;
      const before = server.arrived();
      const result = await run({ home, env: { ...env, ...exitUploadEvery(NEVER_MS) } });
      if (server.arrived() !== before) {
        throw new Error(
          'a process was started: the first run of a day (UTC) starts one; run again',
        );
      }
      return result;
    },
    close: server.close,
  };
}
