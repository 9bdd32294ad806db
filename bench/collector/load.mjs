// @ts-check
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LOAD_CORE } from './server-process.mjs';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('./load.lua', import.meta.url));
/** A request that takes longer counts as broken; the slow designs are not to be cut off. */
const GIVE_UP_SECONDS = 120;

/**
 * @typedef {object} Load
 * @property {string} path
 * @property {number} connections
 * @property {number} seconds
 * @property {number} [batch] reports a request; 0, the default, is a GET
 * @property {number} [users] that the reports come from
 *
 * @typedef {object} Outcome
 * @property {number} requests answered
 * @property {number} seconds
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} refused answers of 400 and above
 * @property {number} broken connections and requests without an answer
 */

/**
 * Loads a server with wrk, which has one thread and keeps to one core.
 *
 * @param {string} url
 * @param {Load} load
 * @returns {Promise<Outcome>}
 */
export async function putLoad(url, { path, connections, seconds, batch = 0, users = 1 }) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { stdout } = await run('taskset', [
    ...['-c', LOAD_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`],
    ...['--timeout', `${GIVE_UP_SECONDS}s`, '-s', SCRIPT, url + path],
    ...['--', path, batch, users, seed].map(String),
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
