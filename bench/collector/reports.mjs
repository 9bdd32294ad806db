// @ts-check
import { randomBytes } from 'node:crypto';

const SYSTEMS = ['Linux', 'Linux', 'Linux', 'Darwin', 'Darwin', 'Windows'];
const VERSIONS = ['2.3.1', '2.3.1', '2.3.1', '2.3.0', '2.3.0', '2.2.4', '2.1.0', '1.9.12'];
const KNUTH = 2_654_435_761;

/** The same person for the same number, here and in load.lua. @param {number} user */
export function anonymousId(user) {
  return hex((user * KNUTH) % 2 ** 32, 8) + hex(user, 8);
}

/** @param {number} user */
export const factsOf = (user) => ({
  os: SYSTEMS[user % SYSTEMS.length] ?? '',
  version: VERSIONS[user % VERSIONS.length] ?? '',
});

/**
 * A report as the client makes it.
 *
 * @param {number} user
 * @param {Date} at
 */
export function reportOf(user, at) {
  return {
    report_id: uuidv7(at),
    anonymous_id: anonymousId(user),
    timestamp: at.toISOString(),
    project: 'bench',
    event: 'startup',
    lost_total: 0,
    info: {
      ...factsOf(user),
      os_version: '6.18',
      arch: 'x64',
      runtime: 'node',
      runtime_version: '20.20',
      id_source: 'machine',
      id_persisted: true,
      ci: null,
      container: false,
      wsl: false,
      agent: null,
    },
  };
}

/** @param {Date} at */
function uuidv7(at) {
  const time = hex(at.getTime(), 12);
  const random = randomBytes(10).toString('hex');
  const variant = '89ab'[Math.floor(Math.random() * 4)];
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-` +
    `${variant}${random.slice(3, 6)}-${random.slice(6, 18)}`
  );
}

/** @param {number} value @param {number} digits */
const hex = (value, digits) => value.toString(16).padStart(digits, '0');
