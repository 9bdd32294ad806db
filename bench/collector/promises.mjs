// @ts-check
import { medianOf, renderGrid } from '../table.mjs';

/**
 * @typedef {import('../results.mjs').Results} Results
 *
 * @typedef {object} Promised
 * @property {string} figure
 * @property {string} unit
 * @property {number} [atLeast]
 * @property {number} [atMost]
 * @property {number | undefined} measured nothing where its section was not measured
 */

/**
 * What the project promises of the collector, beside what was measured.
 *
 * @param {Results} results
 * @returns {Promised[]}
 */
export function checkPromises(results) {
  /** @param {string} section @param {(label: string) => boolean} isWanted @param {string} key */
  const find = (section, isWanted, key) =>
    medianOf(results[section]?.rows.find(({ label }) => isWanted(label))?.metrics[key]);
  /** @param {string} section @param {string} start @param {string} key */
  const oursOver = (section, start, key) => {
    /** @param {string} end */
    const of = (end) =>
      find(section, (label) => label.startsWith(start) && label.endsWith(end), key);
    const [own, base] = [of('Headcount'), of('first generation’s design')];
    return own === undefined || !base ? undefined : own / base;
  };
  /** @param {string} start @param {string} key */
  const sustained = (start, key) => find('sustained', (label) => label.startsWith(start), key);
  const memory = ['single', 'batches'].flatMap((section) =>
    (results[section]?.rows ?? [])
      .filter(({ label }) => label.endsWith('Headcount'))
      .map(({ metrics }) => medianOf(metrics['peakMb']) ?? NaN),
  );
  const million = '1000000 users: Headcount';
  return [
    {
      ...{ figure: 'single reports on disk, 64 connections, 1 000 000 users', unit: '/s' },
      ...{ atLeast: 8_000, measured: sustained('single reports, 64', 'perSecond') },
    },
    {
      ...{ figure: 'their p99', unit: 'ms' },
      ...{ atMost: 60, measured: sustained('single reports, 64', 'p99Ms') },
    },
    {
      ...{ figure: 'reports on disk in batches, 1 000 000 users', unit: '/s' },
      ...{ atLeast: 25_000, measured: sustained('batches', 'perSecond') },
    },
    {
      ...{ figure: 'counted meanwhile', unit: '/s' },
      ...{ atLeast: 10_000, measured: sustained('batches', 'drainedPerSecond') },
    },
    {
      ...{ figure: 'single reports, times the first generation’s design', unit: '' },
      ...{ atLeast: 25, measured: oursOver('single', '64 ', 'perSecond') },
    },
    {
      ...{ figure: 'GET /stats, 100 000 users, times the first generation’s design', unit: '' },
      ...{ atLeast: 100, measured: oursOver('stats', '100000 ', 'perSecond') },
    },
    {
      ...{ figure: 'GET /stats, 1 000 000 users, p99', unit: 'ms' },
      ...{ atMost: 10, measured: find('stats', (label) => label === million, 'p99Ms') },
    },
    {
      ...{ figure: 'memory at rest, 100 000 users', unit: 'MB' },
      ...{
        atMost: 150,
        measured: find('stats', (label) => label === '100000 users: Headcount', 'restMb'),
      },
    },
    {
      ...{ figure: 'its peak under the load above, 100 000 users', unit: 'MB' },
      ...{ atMost: 180, measured: memory.length > 0 ? Math.max(...memory) : undefined },
    },
  ];
}

/** @param {Results} results */
export function renderPromises(results) {
  const lines = checkPromises(results).map(({ figure, unit, atLeast, atMost, measured }) => {
    const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
    const isReached =
      measured !== undefined && measured >= (atLeast ?? 0) && measured <= (atMost ?? Infinity);
    const verdict = isReached ? 'reached' : '**not reached**';
    return [
      figure,
      `${bound} ${unit}`.trim(),
      measured === undefined ? '–' : `${Number(measured.toPrecision(4))} ${unit}`.trim(),
      measured === undefined ? 'not measured' : verdict,
    ];
  });
  return renderGrid([['', 'promised', 'measured', ''], ...lines]);
}
