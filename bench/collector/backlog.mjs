// @ts-check
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';

const LOOK_EVERY_MS = 20;
const STANDSTILL_MS = 60_000;

/**
 * @typedef {object} Progress
 * @property {number} atMs
 * @property {number} onDisk reports ever acknowledged
 * @property {number} counted
 *
 * @typedef {object} Backlog
 * @property {() => Progress} read
 * @property {(progress: (text: string) => void) => Promise<Progress>} drained resolves once all
 * that is on disk is counted
 * @property {() => void} close
 */

/**
 * Looks into a running collector's files, which nothing keeps from being read.
 *
 * @param {string} folder
 * @returns {Backlog}
 */
export function openBacklog(folder) {
  const journal = openReadOnly(join(folder, 'journal.db'));
  const counts = openReadOnly(join(folder, 'counts.db'));
  const onDisk = journal.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'entries'`).raw();
  // One for each epoch of the journal; names with a colon are of other things.
  const counted = counts
    .prepare(`SELECT max(position) FROM positions WHERE journal_id NOT LIKE '%:%'`)
    .raw();

  /** @type {Backlog['read']} */
  const read = () => ({
    // This one first: so it is never ahead of what is on disk.
    counted: numberOf(counted),
    onDisk: numberOf(onDisk),
    atMs: performance.now(),
  });
  return {
    read,
    drained: async (progress) => {
      let last = read();
      for (;;) {
        const now = read();
        if (now.counted >= now.onDisk) return now;
        if (now.counted > last.counted) last = now;
        if (now.atMs - last.atMs > STANDSTILL_MS) throw new Error('The collector counts no more.');
        progress(`${now.onDisk - now.counted} reports wait to be counted`);
        await pause(LOOK_EVERY_MS);
      }
    },
    close: () => {
      journal.close();
      counts.close();
    },
  };
}

/** @param {string} folder @param {(text: string) => void} progress */
export async function waitUntilDrained(folder, progress) {
  const backlog = openBacklog(folder);
  await backlog.drained(progress);
  backlog.close();
}

/** @param {string} path */
const openReadOnly = (path) => new Database(`${pathToFileURL(path).href}?mode=ro`);

/** Nothing where no row is: 0. @param {Database.Statement} statement */
function numberOf(statement) {
  const [number] = /** @type {[number?]} */ (statement.get([]) ?? []);
  return number ?? 0;
}
