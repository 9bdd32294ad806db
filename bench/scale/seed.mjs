// @ts-check
import { join } from 'node:path';
import { anonymousId } from '../collector/reports.mjs';
import { PROJECT, seededReports } from './people.mjs';

const BATCH = 1000;
const NODE = 'seed';

/**
 * @param {import('./load-parts.mjs').Parts} parts
 * @param {string} folder that has the pepper
 * @param {number} users
 * @param {string | undefined} store none for the file in the folder
 * @param {(text: string) => void} progress
 */
export async function seed(parts, folder, users, store, progress) {
  const pepper = parts.openPepper(join(folder, 'pepper'), true);
  const pepperId = parts.pepperIdOf(pepper);
  const writer =
    store === undefined
      ? parts.openCountsWriter(join(folder, 'counts.db'), 0, undefined, pepperId)
      : await parts.openNodeWriter(store, { node: NODE, openedAt: 0, pepperId });
  let counted = 0;
  /** @type {import('../../collector/src/rules/counted-report.js').CountedReport[]} */
  let reports = [];
  const count = async () => {
    const upTo = counted + reports.length;
    const batch = { after: counted, upTo, reports, deletions: [], appliedAt: Date.now() };
    await writer.apply({ journalId: NODE, ...batch });
    [counted, reports] = [upTo, []];
    progress(`seeding: ${counted} reports counted`);
  };
  const uidOf = (/** @type {number} */ user) => parts.deriveUid(pepper, PROJECT, anonymousId(user));
  for (const report of seededReports(users, uidOf)) {
    reports.push(report);
    if (reports.length === BATCH) await count();
  }
  await count();
  await writer.close();
}
