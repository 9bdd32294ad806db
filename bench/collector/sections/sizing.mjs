// @ts-check
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'libsql';
import { openBacklog } from '../backlog.mjs';
import { ours } from '../contenders.mjs';
import { putLoad } from '../load.mjs';
import { NEW_SHARE } from '../measure-load.mjs';
import { postReports } from '../post-reports.mjs';
import { readTables, WHOLE } from '../read-tables.mjs';
import { reportOf } from '../reports.mjs';
import { seedByReports } from '../seed-by-reports.mjs';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../../collector/dist/cli.js', import.meta.url));
const CONNECTIONS = 64;
const MORE_DAYS = 4;
const DAY_MS = 24 * 60 * 60 * 1000;
const JOURNALED = 20_000;
const SETTLE_MS = 5_000;

/** The figures by which docs/collector/sizing.md computes, by the labels of their rows. */
export const FIGURES = {
  cpuUs: 'processor time a report, counting included, µs',
  idlePercent: 'processor at rest, % of one',
  restMb: 'memory at rest, MB',
  peakMb: 'peak memory under the load, MB',
  userBytes: 'disk for a person, without keys of reports, bytes',
  dayBytes: 'disk for a further day of a person, without keys, bytes',
  keyBytes: 'disk for the key of a report, kept for 35 days, bytes',
  journalBytes: 'journal for a report that is not counted yet, bytes',
  backupMbPerSecond: 'backup, MB a second',
};

/** @type {import('../section.mjs').Section} */
export const sizing = {
  name: 'sizing',
  title: 'What sizing is computed from',
  columns: [{ key: 'value', label: 'measured', digits: 1 }],
  note:
    `One report a request from ${CONNECTIONS} connections, on the small store. On disk: the file of counts, ` +
    `each person having reported once, and after one report on each of ${MORE_DAYS} further days. The journal: ` +
    `${JOURNALED} reports while counting is held up. A backup of the large store by the command, while its ` +
    'collector runs and nothing else is asked of it.',
  async measure(context) {
    context.progress('processor and memory');
    const figures = {
      ...(await measureLoad(context)),
      ...(await measureDisk(context)),
      ...(await measureJournal(context)),
      ...(await measureBackup(context)),
    };
    return Object.entries(FIGURES).map(([name, label]) => ({
      label,
      metrics: { value: figures[/** @type {keyof typeof figures} */ (name)] },
    }));
  },
};

/** @typedef {import('../section.mjs').Context} Context */

/** @param {Context} context */
async function measureLoad({ workshop, options, progress }) {
  const folder = await workshop.seeded(ours, options.smallUsers);
  const figures = await workshop.serve(ours, folder, async (server) => {
    await pause(SETTLE_MS);
    const restMb = server.memoryMb();
    const [idleFrom, idleCpu] = [performance.now(), server.cpuMs()];
    await pause(options.seconds * 1000);
    const idleMs = performance.now() - idleFrom;
    const idlePercent = ((server.cpuMs() - idleCpu) * 100) / idleMs;
    const before = server.cpuMs();
    const load = { path: ours.posts, connections: CONNECTIONS, batch: 1, seconds: options.seconds };
    const users = Math.ceil(options.smallUsers * NEW_SHARE);
    const { requests, refused } = await putLoad(server.url, { ...load, users });
    await ours.settle?.(folder, progress);
    const cpuUs = ((server.cpuMs() - before) * 1000) / (requests - refused);
    return { cpuUs, idlePercent, restMb, peakMb: server.peakMb() };
  });
  workshop.discard(folder);
  return figures;
}

/** @param {Context} context */
async function measureDisk({ workshop, options, progress }) {
  const users = options.smallUsers;
  const folder = await workshop.seeded(ours, users);
  const counts = join(folder, 'counts.db');
  const [first, firstKeys] = sizeOf(counts, 'seen_reports');
  for (let day = MORE_DAYS; day > 0; day -= 1) {
    const at = new Date(Date.now() - day * DAY_MS);
    await seedByReports(ours, folder, { users, at }, progress);
  }
  const [last, lastKeys] = sizeOf(counts, 'seen_reports');
  workshop.discard(folder);
  return {
    userBytes: (first - firstKeys) / users,
    dayBytes: Math.max(0, last - lastKeys - (first - firstKeys)) / users / MORE_DAYS,
    keyBytes: lastKeys / users / (MORE_DAYS + 1),
  };
}

/** @param {string} file @param {string} table @returns {[whole: number, table: number]} in bytes */
function sizeOf(file, table) {
  const tables = readTables(file);
  return [tables.get(WHOLE) ?? NaN, tables.get(table) ?? 0];
}

/** @param {Context} context */
async function measureJournal({ workshop, options, progress }) {
  const folder = await workshop.seeded(ours, options.smallUsers);
  const journal = join(folder, 'journal.db');
  await workshop.serve(ours, folder, async (server) => {
    const counts = new Database(join(folder, 'counts.db'));
    counts.exec('BEGIN IMMEDIATE');
    const next = (/** @type {number} */ index) => reportOf(index % options.smallUsers, new Date());
    await postReports(server.url, JOURNALED, next, progress);
    await server.stop('SIGKILL');
    counts.exec('ROLLBACK');
    counts.close();
  });
  const [, bytes] = sizeOf(journal, 'entries');
  workshop.discard(folder);
  return { journalBytes: bytes / JOURNALED };
}

/** @param {Context} context */
async function measureBackup({ workshop, options, progress }) {
  const folder = await workshop.seeded(ours, options.largeUsers);
  const file = join(`${folder}-backup`, 'counts.backup');
  const figures = await workshop.serve(ours, folder, async () => {
    const backlog = openBacklog(folder);
    await backlog.drained(progress);
    backlog.close();
    progress('a backup');
    const from = performance.now();
    await run(process.execPath, [CLI, 'backup', file, '--data', folder], {
      env: { PATH: process.env['PATH'] ?? '' },
    });
    const seconds = (performance.now() - from) / 1000;
    return { backupMbPerSecond: statSync(file).size / 1e6 / seconds };
  });
  workshop.discard(folder);
  workshop.discard(`${folder}-backup`);
  return figures;
}
