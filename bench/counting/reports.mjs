// @ts-check
import { createHash, randomBytes } from 'node:crypto';

const DAY_MS = 86_400_000;
const SYSTEMS = ['Linux', 'Linux', 'Darwin', 'Windows'];
const VERSIONS = ['2.3.1', '2.3.0', '2.2.4'];
/** What a project may declare: more words than usual. */
const BUNDLERS = ['vite', 'webpack', 'rollup', ...Array.from({ length: 47 }, (_, n) => `own-${n}`)];
const SIZES = ['1-9', '10-99', '100-999', '1000+'];
const FACTS = {
  ...{ os_version: '6.18', arch: 'x64', runtime: 'node', runtime_version: '20.20' },
  ...{ container: 'false', wsl: 'false', agent: 'none', channel: 'npm', level: 'full' },
};

/**
 * A report as it is counted. Nearly all of a user's reports say the same.
 *
 * @param {number} user
 * @param {number} day numbered since 1970
 * @param {number} fields how many it has: 0 to 3
 * @returns {import('../../collector/src/rules/counted-report.js').CountedReport}
 */
export function countedReport(user, day, fields) {
  const at = day * DAY_MS + Math.floor(Math.random() * DAY_MS);
  const isUnusual = Math.random() < 0.1;
  const all = {
    bundler: BUNDLERS[(user + Number(isUnusual)) % BUNDLERS.length] ?? '',
    warm: !isUnusual,
    files: SIZES[user % SIZES.length] ?? '',
  };
  return {
    project: 'bench',
    uid: createHash('md5').update(String(user)).digest(),
    ownerHash: null,
    reportKey: randomBytes(16),
    os: SYSTEMS[user % SYSTEMS.length] ?? '',
    version: VERSIONS[user % VERSIONS.length] ?? '',
    facts: FACTS,
    event: 'build',
    fields: Object.fromEntries(Object.entries(all).slice(0, fields)),
    lostTotal: 0,
    ci: false,
    idSource: 'machine',
    idPersisted: true,
    ...{ at, madeAt: at, day, receivedAt: at, receivedDay: day, marks: [] },
  };
}
