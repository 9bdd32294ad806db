// @ts-check
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from './connect.mjs';
import { loadParts } from './load-parts.mjs';
import { seed } from './seed.mjs';

const SETTINGS = [
  ...['shared_buffers=1GB', 'max_wal_size=4GB'],
  'shared_preload_libraries=pg_stat_statements',
];

/** What still writes there has been ended. */
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 200 };

/**
 * @typedef {import('../../collector/test/postgres/support/cluster.js').Cluster} Cluster
 *
 * @typedef {object} Site what all sections work with
 * @property {import('./load-parts.mjs').Parts} parts
 * @property {Cluster} primary of now
 * @property {string} sqliteFolder whose counts are in SQLite
 * @property {(name: string) => string} folder one for a node, with the same pepper; the same for the same
 * name
 * @property {() => Promise<import('../../collector/test/postgres/support/cluster.js').Standby>} addStandby
 * @property {() => Promise<void>} remove
 */

/**
 * Fills both stores with the same people.
 *
 * @param {number} users
 * @param {(text: string) => void} progress
 * @returns {Promise<Site>}
 */
export async function openSite(users, progress) {
  const parts = await loadParts();
  const root = mkdtempSync(join(tmpdir(), 'headcount-bench-'));
  /** @type {Cluster[]} */
  const clusters = [];
  process.once('exit', () => {
    for (const cluster of clusters) {
      // Its first step, which ends the servers, is done at once.
      void cluster.halt();
      rmSync(dirname(cluster.data), REMOVE);
    }
    rmSync(root, REMOVE);
  });
  const primary = await parts.startCluster({ isDurable: true, settings: SETTINGS });
  clusters.push(primary);
  const sqliteFolder = join(root, 'sqlite');
  const remove = async () => {
    for (const cluster of clusters.splice(0)) await cluster.stop();
  };
  /** @type {Site} */
  const site = {
    ...{ parts, primary, sqliteFolder, remove },
    folder: (name) => {
      const folder = join(root, name);
      if (mkdirSync(folder, { recursive: true }) !== undefined) {
        copyFileSync(join(sqliteFolder, 'pepper'), join(folder, 'pepper'));
      }
      return folder;
    },
    addStandby: async () => {
      const standby = await parts.startStandby(site.primary);
      clusters.push(standby);
      return standby;
    },
  };
  try {
    mkdirSync(sqliteFolder);
    const database = await connect(parts, primary.url);
    await database.all('CREATE EXTENSION pg_stat_statements');
    await seed(parts, sqliteFolder, users, undefined, (text) => progress(`SQLite: ${text}`));
    await seed(parts, sqliteFolder, users, primary.url, (text) => progress(`PostgreSQL: ${text}`));
    await database.all('VACUUM ANALYZE');
    await database.all('SELECT pg_stat_reset()');
    await database.end();
  } catch (error) {
    await remove();
    throw error;
  }
  return site;
}
