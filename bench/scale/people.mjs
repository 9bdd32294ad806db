// @ts-check
import { countedReport } from '../counting/reports.mjs';
import { reportOf } from '../collector/reports.mjs';

export const PROJECT = 'bench';
/** The days before today on which the seeded people came. */
export const SEEDED_DAYS = 400;
/** As many values as a question of 30 values is about. */
const VERSIONS = 30;
/** One in four came a second time, up to so many days later. */
const LONGEST_GAP = 31;

/** @param {number} user */
const versionOf = (user) => `1.${user % VERSIONS}.0`;

/**
 * The reports of the seeded people as they are counted, day by day: each came for the first time on one
 * of the days.
 *
 * @param {number} users
 * @param {(user: number) => Uint8Array} uidOf
 */
export function* seededReports(users, uidOf) {
  const today = Math.floor(Date.now() / 86_400_000);
  /** @param {number} at */
  const firstUser = (at) => Math.floor((Math.max(0, at) * users) / SEEDED_DAYS);
  /** @param {number} user */
  const gapOf = (user) => (user % 4 === 0 ? 1 + ((user / 4) % LONGEST_GAP) : 0);
  for (let at = 0; at < SEEDED_DAYS; at += 1) {
    for (let user = firstUser(at - LONGEST_GAP); user < firstUser(at + 1); user += 1) {
      const isFirst = user >= firstUser(at);
      if (!isFirst && user >= firstUser(at - gapOf(user) + 1)) continue;
      if (!isFirst && user < firstUser(at - gapOf(user))) continue;
      const report = countedReport(user, today - SEEDED_DAYS + at, 0);
      yield { ...report, project: PROJECT, uid: uidOf(user), version: versionOf(user) };
    }
  }
}

/**
 * What comes now: nine of ten reports are of seeded people, the others of new ones.
 *
 * @param {number} users
 */
export function createComing(users) {
  let next = users;
  return () => {
    const user = Math.random() < 0.1 ? next++ : Math.floor(Math.random() * users);
    const report = reportOf(user, new Date());
    return { ...report, project: PROJECT, info: { ...report.info, version: versionOf(user) } };
  };
}
