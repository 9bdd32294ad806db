// @ts-check
// Headcount, the apps it is compared with, and the peers. What each does is in contenders/<name>/.

/**
 * @typedef {object} Contender
 * @property {string} name its folder in contenders/
 * @property {string} label as the tables show it
 * @property {string} [module] what is imported; none where it is built in
 * @property {'none' | 'spawner' | 'headcount' | 'peer'} kind
 * @property {readonly { file: string, label: string }[]} cli the ways a one-event CLI may use it
 * @property {number} trackCalls how many track() calls of one process are timed
 * @property {boolean} isLibrary whether it can be started as a library, by telemetry.mjs
 */

const ALONE = [{ file: 'cli.mjs', label: '' }];
/** @param {string} awaited */
const twoWays = (awaited) => [
  { file: 'cli.mjs', label: ', not awaited' },
  { file: 'cli-awaited.mjs', label: `, ${awaited}` },
];
const MANY_CALLS = 100_000;
/** For those that open one request a call. */
const FEW_CALLS = 10_000;

/** @type {readonly Contender[]} */
export const CONTENDERS = [
  {
    name: 'none',
    label: 'no telemetry',
    kind: 'none',
    cli: ALONE,
    trackCalls: MANY_CALLS,
    isLibrary: true,
  },
  {
    // Headcount's exit starts a process: the least that any process costs.
    name: 'spawner',
    label: 'a spawn at exit',
    kind: 'spawner',
    cli: ALONE,
    trackCalls: 0,
    isLibrary: false,
  },
  {
    name: 'headcount',
    label: 'headcount',
    module: 'headcount',
    kind: 'headcount',
    cli: ALONE,
    trackCalls: MANY_CALLS,
    isLibrary: true,
  },
  {
    name: 'fetch',
    label: 'naive fetch',
    kind: 'peer',
    cli: twoWays('awaited'),
    trackCalls: FEW_CALLS,
    isLibrary: true,
  },
  {
    name: 'posthog',
    label: 'posthog-node',
    module: 'posthog-node',
    kind: 'peer',
    cli: twoWays('await shutdown()'),
    trackCalls: MANY_CALLS,
    isLibrary: true,
  },
  {
    name: 'segment',
    label: '@segment/analytics-node',
    module: '@segment/analytics-node',
    kind: 'peer',
    cli: twoWays('await closeAndFlush()'),
    trackCalls: MANY_CALLS,
    isLibrary: true,
  },
  {
    name: 'amplitude',
    label: '@amplitude/analytics-node',
    module: '@amplitude/analytics-node',
    kind: 'peer',
    cli: twoWays('await init() and flush()'),
    trackCalls: MANY_CALLS,
    isLibrary: true,
  },
  {
    name: 'universal-analytics',
    label: 'universal-analytics',
    module: 'universal-analytics',
    kind: 'peer',
    cli: twoWays('awaited'),
    trackCalls: FEW_CALLS,
    isLibrary: true,
  },
  {
    name: 'astro',
    label: '@astrojs/telemetry',
    module: '@astrojs/telemetry',
    kind: 'peer',
    cli: [],
    trackCalls: 0,
    isLibrary: false,
  },
];

/** @param {boolean} headcountOnly */
export const selectContenders = (headcountOnly) =>
  CONTENDERS.filter(({ kind }) => !headcountOnly || kind !== 'peer');
