// @ts-check
import { join } from 'node:path';
import { ours } from '../contenders.mjs';
import { readTables, WHOLE } from '../read-tables.mjs';
import { seedByReports } from '../seed-by-reports.mjs';

const MORE_DAYS = 9;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Tables that take less than this a user are summed up. */
const LEAST_BYTES = 1;

/** @type {import('../section.mjs').Section} */
export const storage = {
  name: 'storage',
  title: 'On disk',
  columns: [
    { key: 'perUser', label: 'bytes per user', digits: 1 },
    { key: 'perUserDay', label: 'bytes per further user-day', digits: 1 },
  ],
  note:
    'The file of counts, once all is counted and the collector has ended, on the small store. ' +
    `Per user: each has reported once. Per further user-day: each reports once on ${MORE_DAYS} more ` +
    'days, that is what the file has grown by. Tables are whole pages, indices included.',
  async measure({ workshop, contenders, options, progress }) {
    const users = options.smallUsers;
    const rows = [];
    for (const contender of contenders.filter(({ name }) => name !== ours.name)) {
      const folder = await workshop.seeded(contender, users);
      const bytes = readTables(join(folder, 'user_stats.db')).get(WHOLE) ?? 0;
      rows.push({ label: contender.label, metrics: { perUser: bytes / users, perUserDay: null } });
      workshop.discard(folder);
    }
    const folder = await workshop.seeded(ours, users);
    const counts = join(folder, 'counts.db');
    const first = readTables(counts);
    for (let day = MORE_DAYS; day > 0; day -= 1) {
      const at = new Date(Date.now() - day * DAY_MS);
      await seedByReports(ours, folder, { users, at }, progress);
    }
    const last = readTables(counts);
    workshop.discard(folder);
    return [...compareTables(first, last, users), ...rows];
  },
};

/**
 * @param {Map<string, number>} first
 * @param {Map<string, number>} last
 * @param {number} users
 * @returns {import('../../section.mjs').Row[]}
 */
function compareTables(first, last, users) {
  /** @param {string} name */
  const metricsOf = (name) => {
    const [before, after] = [first.get(name) ?? 0, last.get(name) ?? 0];
    return { perUser: before / users, perUserDay: (after - before) / users / MORE_DAYS };
  };
  const large = [...last].filter(([name, bytes]) => name !== WHOLE && bytes / users >= LEAST_BYTES);
  return [
    { label: 'Headcount', metrics: metricsOf(WHOLE) },
    ...large.map(([name]) => ({ label: `of it the table ${name}`, metrics: metricsOf(name) })),
  ];
}
