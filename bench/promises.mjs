// @ts-check
import { MANNERS } from './bench-server.mjs';
import { medianOf } from './table.mjs';

/**
 * @typedef {import('./results.mjs').Results} Results
 *
 * @typedef {object} Promised
 * @property {string} figure
 * @property {string} unit
 * @property {number} atMost
 * @property {number | undefined} measured nothing where its section was not measured
 */

/** @param {Results} results @param {string} section @param {string} label */
const rowOf = (results, section, label) =>
  results[section]?.rows.find((row) => row.label === label)?.metrics;

/** @param {Results} results @param {string} section @param {string} key */
function overNoTelemetry(results, section, key) {
  const own = medianOf(rowOf(results, section, 'headcount')?.[key]);
  const base = medianOf(rowOf(results, section, 'no telemetry')?.[key]);
  return own === undefined || base === undefined ? undefined : own - base;
}

/** @param {Results} results @param {string} label @returns {number | undefined} */
function p99OfSection(results, label) {
  const metric = rowOf(results, 'blocking', `headcount section: ${label}`)?.['p99Ms'];
  return typeof metric === 'number' ? metric : undefined;
}

/**
 * What the project promises of the client's cost, beside what was measured.
 *
 * @param {Results} results
 * @returns {Promised[]}
 */
export function checkPromises(results) {
  /** @param {string} key */
  const importMb = (key) => {
    const kb = overNoTelemetry(results, 'import', key);
    return kb === undefined ? undefined : kb / 1024;
  };
  const exits = MANNERS.flatMap((manner) =>
    ['first run', 'later runs'].map((phase) => ({
      figure: `a CLI of one event, ${manner} server, ${phase}: median over no telemetry`,
      unit: 'ms',
      atMost: 25,
      measured: medianOf(rowOf(results, 'exit', `${manner}: headcount, ${phase}`)?.['overheadMs']),
    })),
  );
  return [
    {
      figure: 'import, over one builtin',
      unit: 'ms',
      atMost: 5,
      measured: overNoTelemetry(results, 'import', 'importMs'),
    },
    {
      figure: 'import, heap over one builtin',
      unit: 'MB',
      atMost: 1,
      measured: importMb('heapKb'),
    },
    {
      figure: 'import, resident memory over one builtin',
      unit: 'MB',
      atMost: 1,
      measured: importMb('rssKb'),
    },
    {
      figure: 'longest synchronous section of a run, p99 of all runs',
      unit: 'ms',
      atMost: 10,
      measured: p99OfSection(results, 'longest of a run'),
    },
    {
      figure: 'track(), p99',
      unit: 'µs',
      atMost: 50,
      measured: medianOf(rowOf(results, 'track', 'headcount')?.['p99Us']),
    },
    ...exits,
    {
      figure: 'main entry, minified',
      unit: 'kB',
      atMost: 30,
      measured: medianOf(rowOf(results, 'size', 'headcount')?.['entryKb']),
    },
    {
      figure: 'unpacked size',
      unit: 'kB',
      atMost: 500,
      measured: medianOf(rowOf(results, 'size', 'headcount')?.['kb']),
    },
    {
      figure: 'packages installed',
      unit: '',
      atMost: 1,
      measured: medianOf(rowOf(results, 'size', 'headcount')?.['packages']),
    },
  ];
}
