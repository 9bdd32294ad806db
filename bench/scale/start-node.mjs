// @ts-check
import { fileURLToPath } from 'node:url';
import { ADMIN_TOKEN } from '../collector/contenders.mjs';
import { startServer } from '../collector/server-process.mjs';

export const CLI = fileURLToPath(new URL('../../collector/dist/cli.js', import.meta.url));
export const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}` };

const LIMITS = [
  ...['rate', 'bytes', 'new-ids', 'new-values', 'new-projects', 'stats-rate'],
  ...['project-rate', 'project-bytes', 'project-new-ids'],
];

/**
 * Starts a collector without limits, and without a port for metrics, which several cannot share.
 *
 * @param {string} folder
 * @param {{ store?: string, readStore?: string, cache?: string }} [addresses]
 */
export const startNode = (folder, { store, readStore, cache } = {}) =>
  startServer((port) => ({
    command: process.execPath,
    args: [
      ...[CLI, '--port', String(port), '--data', folder, '--no-metrics'],
      ...LIMITS.flatMap((name) => [`--${name}-limit`, '0']),
    ],
    asks: '/',
    env: {
      HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN,
      ...(store !== undefined && { HEADCOUNT_STORE: store }),
      ...(readStore !== undefined && { HEADCOUNT_READ_STORE: readStore }),
      ...(cache !== undefined && { HEADCOUNT_CACHE: cache }),
    },
  }));
