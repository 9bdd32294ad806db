// @ts-check
import { fileURLToPath } from 'node:url';
import { waitUntilDrained } from './backlog.mjs';
import { seedByReports } from './seed-by-reports.mjs';
import { seedTable } from './seed-table.mjs';

/**
 * One design of a collector.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} label
 * @property {string} posts where it takes reports
 * @property {boolean} takesBatches
 * @property {boolean} [isBase] the others are compared with it
 * @property {(folder: string) => Parameters<typeof import('./server-process.mjs').startServer>[0]} run
 * @property {(folder: string, users: number, progress: (text: string) => void) => Promise<void>} seed
 * fills an empty folder with users that have reported once, today
 * @property {(folder: string, progress: (text: string) => void) => Promise<unknown>} [settle]
 * waits until all that was acknowledged is counted
 */

/** @param {string} path */
const file = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Of the administrator, who may ask all questions. */
export const ADMIN_TOKEN = 'the-administrator-of-the-benchmark';

/** As it runs by default, with a line of log for each request; the log goes to /dev/null. */
/** @type {Contender} */
export const ours = {
  name: 'ours',
  label: 'Headcount',
  posts: '/v1/reports',
  takesBatches: true,
  run: (folder) => (port) => ({
    command: process.execPath,
    args: [file('../../collector/dist/cli.js'), '--port', String(port), '--data', folder],
    asks: '/',
    env: { HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN },
  }),
  seed: (folder, users, progress) => seedByReports(ours, folder, { users }, progress),
  settle: waitUntilDrained,
};

/** @type {Contender} */
const naive = {
  name: 'naive',
  label: 'naive design in Node',
  posts: '/statistics',
  takesBatches: true,
  run: (folder) => (port) => ({
    command: process.execPath,
    args: [file('./naive/server.mjs'), String(port), folder],
    asks: '/stats',
  }),
  seed: (folder, users) => seedTable(naive, folder, users),
};

/** @type {Contender} */
const firstGeneration = {
  name: 'first-generation',
  label: 'first generation’s design',
  posts: '/statistics',
  takesBatches: false,
  isBase: true,
  run: (folder) => (port) => ({
    command: '/usr/bin/python3',
    args: [file('./first-generation/server.py'), String(port), folder],
    asks: '/stats',
  }),
  seed: (folder, users) => seedTable(firstGeneration, folder, users),
};

/** @param {boolean} oursOnly */
export const selectContenders = (oursOnly) => (oursOnly ? [ours] : [ours, naive, firstGeneration]);
