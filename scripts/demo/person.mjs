// @ts-check
import { createHash } from 'node:crypto';
import { HABITS } from './program.mjs';
import { pick } from './random.mjs';

/**
 * An invented person. What changes is the release, which grows.
 *
 * @typedef {object} Person
 * @property {string} id
 * @property {number} chance of coming on a working day
 * @property {number} leave the chance to leave for good after a day
 * @property {number} pace the chance to take a newer release when they come
 * @property {number} release
 * @property {import('headcount/wire').ReportInfo} info without the version
 * @property {readonly (readonly [event: string, weight: number, trend: number])[]} habits
 * @property {string} bundler
 * @property {number} slowness of their builds and size of their tests, 0 to 1
 * @property {number} hour at which they work, by UTC
 */

/**
 * How often people come, and how many of those who come for the first time do so.
 *
 * @type {readonly (readonly [{ readonly chance: number, readonly leave: number }, number])[]}
 */
const KINDS = [
  [{ chance: 0.5, leave: 0.004 }, 0.2],
  [{ chance: 0.14, leave: 0.008 }, 0.28],
  [{ chance: 0.04, leave: 0.012 }, 0.24],
  [{ chance: 0.01, leave: 0.1 }, 0.28],
];

/** People whose ID could not be kept: each run looks like another person. */
const EPHEMERAL_SHARE = 0.025;

const SYSTEMS = /** @type {const} */ ([
  ['Linux', 0.471],
  ['Darwin', 0.318],
  ['Windows', 0.206],
  ['FreeBSD', 0.005],
]);

const RELEASES_OF = /** @type {Record<string, [string, number][]>} */ ({
  Linux: [
    ['6.18', 0.39],
    ['6.12', 0.3],
    ['6.8', 0.16],
    ['5.15', 0.1],
    ['6.1', 0.05],
  ],
  Darwin: [
    ['25.1', 0.63],
    ['24.6', 0.28],
    ['23.6', 0.09],
  ],
  Windows: [
    ['11', 0.83],
    ['10', 0.17],
  ],
  FreeBSD: [['14.3', 1]],
});

/** @type {readonly (readonly [readonly [name: string, version: string], number])[]} */
const RUNTIMES = [
  [['node', '22.21'], 0.36],
  [['node', '22.14'], 0.12],
  [['node', '20.19'], 0.2],
  [['node', '20.11'], 0.08],
  [['node', '24.11'], 0.15],
  [['node', '18.20'], 0.05],
  [['bun', '1.3'], 0.031],
  [['deno', '2.5'], 0.009],
];

/** @type {Record<string, [import('headcount/wire').Channel, number][]>} */
const CHANNELS = {
  Linux: [
    ['npm', 0.58],
    ['npx', 0.24],
    ['docker', 0.11],
    ['deb', 0.04],
    ['pnpm', 0.03],
  ],
  Darwin: [
    ['npm', 0.4],
    ['brew', 0.39],
    ['npx', 0.17],
    ['pnpm', 0.04],
  ],
  Windows: [
    ['npm', 0.71],
    ['npx', 0.22],
    ['scoop', 0.05],
    ['winget', 0.02],
  ],
  FreeBSD: [['npm', 1]],
};

const AGENTS = /** @type {const} */ ([
  [null, 0.864],
  ['claude-code', 0.07],
  ['cursor', 0.046],
  ['codex', 0.02],
]);

const BUNDLERS = /** @type {const} */ ([
  ['vite', 0.586],
  ['webpack', 0.204],
  ['esbuild', 0.121],
  ['rollup', 0.052],
  ['parcel', 0.019],
  ['own', 0.018],
]);

/** Where people live, by the hour by UTC at which they work. */
const HOURS = /** @type {const} */ ([
  [13, 0.44],
  [19, 0.31],
  [6, 0.25],
]);

/**
 * @param {object} options
 * @param {number} options.index of the person, from 0
 * @param {boolean} options.isEstablished whether they were there before the first release that reports
 * @param {boolean} options.isBurst whether they come on the day on which many came by npx
 * @param {number} options.newest the newest release
 * @param {() => number} options.random
 * @returns {Person}
 */
export function createPerson({ index, isEstablished, isBurst, newest, random }) {
  const isEphemeral = !isEstablished && random() < EPHEMERAL_SHARE;
  const isPassing = isBurst && random() < 0.78;
  const kind = isEstablished ? pick(KINDS.slice(0, 3), random) : pick(KINDS, random);
  const { chance, leave } = isPassing ? { chance: 0.01, leave: 0.3 } : kind;
  const isLate = !isEphemeral && random() < 0.12;
  return {
    id: createHash('md5').update(`invented ${index}`).digest('hex').slice(0, 16),
    chance: chance * (0.7 + 0.6 * random()),
    leave: isEphemeral ? 1 : leave,
    pace: random() < 0.6 ? 0.24 : random() < 0.72 ? 0.05 : 0.004,
    release: Math.max(0, newest - (isLate ? 1 : 0)),
    info: createInfo({ isEphemeral, isPassing, random }),
    habits: HABITS.flatMap(([event, share, trend]) =>
      random() < share ? [/** @type {const} */ ([event, 0.3 + random(), trend])] : [],
    ),
    bundler: pick(BUNDLERS, random),
    slowness: 0.6 * random(),
    hour: pick(HOURS, random),
  };
}

/** @returns {import('headcount/wire').ReportInfo} */
function createInfo(
  /** @type {{ isEphemeral: boolean, isPassing: boolean, random: () => number }} */ {
    isEphemeral,
    isPassing,
    random,
  },
) {
  const os = isPassing || isEphemeral ? 'Linux' : pick(SYSTEMS, random);
  const [runtime, runtime_version] = pick(RUNTIMES, random);
  const channel = isPassing || isEphemeral ? 'npx' : pick(CHANNELS[os] ?? [], random);
  const isLikely = random() < 0.064;
  const arm = { Linux: 0.12, Darwin: 0.9, Windows: 0.07, FreeBSD: 0 }[os];
  return {
    os,
    os_version: pick(RELEASES_OF[os] ?? [], random),
    arch: random() < arm ? 'arm64' : 'x64',
    version: '',
    ...{ runtime, runtime_version },
    id_source: isEphemeral ? 'time' : isLikely ? (random() < 0.7 ? 'time' : 'copied') : 'machine',
    id_persisted: !isEphemeral,
    ci: null,
    container: isEphemeral || channel === 'docker' || random() < 0.03,
    wsl: os === 'Linux' && random() < 0.15,
    agent: pick(AGENTS, random),
    channel,
    level: random() < 0.04 ? 'basic' : 'full',
  };
}
