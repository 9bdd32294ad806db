// @ts-check
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from './connect.mjs';
import { loadParts } from './load-parts.mjs';
import { seed } from './seed.mjs';

const SETTINGS = [
  ...['shared_buffers=1GB', 'max_wal_size=4GB'],
  'shared_preload_libraries=pg_stat_statements',
];

/**
 * @typedef {object} Site what all sections work with
 * @property {import('./load-parts.mjs').Parts} parts
 * @property {import('../../collector/test/postgres/support/cluster.js').Cluster} primary of now
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
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const primary = await parts.startCluster({ isDurable: true, settings: SETTINGS });
  /** @type {import('../../collector/test/postgres/support/cluster.js').Cluster[]} */
  const clusters = [primary];
  const sqliteFolder = join(root, 'sqlite');
  const remove = async () => {
    for (const cluster of clusters) await cluster.stop();
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
