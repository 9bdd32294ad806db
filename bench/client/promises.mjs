// @ts-check
import { medianOf, renderGrid } from '../table.mjs';
import { MANNERS } from './bench-server.mjs';

/**
 * @typedef {import('../results.mjs').Results} Results
 * @typedef {import('../section.mjs').Row} Row
 *
 * @typedef {object} Promised
 * @property {string} figure
 * @property {string} unit
 * @property {number} atMost
 * @property {Readonly<Record<string, number>>} [atMostOn] by Node.js, where it differs
 * @property {(node: string) => number | undefined} measured nothing where its section was not
 * measured on that Node.js
 */

/**
 * What the project promises of the client's cost, beside what was measured.
 *
 * @param {Results} results
 * @returns {Promised[]}
 */
function checkPromises(results) {
  /** @param {string} section @param {string} label @param {Record<string, unknown>} metrics */
  const rowOf = (section, label, metrics) =>
    results[section]?.rows.find(
      (row) =>
        row.label === label &&
        Object.entries(metrics).every(([key, value]) => row.metrics[key] === value),
    )?.metrics;
  /** @param {string} section @param {string} label @param {string} key */
  const median = (section, label, key) => (/** @type {string} */ node) =>
    medianOf(rowOf(section, label, { node })?.[key]);
  /** @param {string} key @param {string} way */
  const imported = (key, way) => (/** @type {string} */ node) =>
    medianOf(rowOf('import', 'headcount', { node, way })?.[key]);
  /** @param {string} key */
  const overBuiltinMb = (key) => (/** @type {string} */ node) => {
    const own = imported(key, 'import')(node);
    const base = medianOf(rowOf('import', 'one builtin', { node })?.[key]);
    return own === undefined || base === undefined ? undefined : (own - base) / 1024;
  };
  /** @param {string} key */
  const installed = (key) => () => medianOf(rowOf('size', 'headcount', {})?.[key]);
  const started = MANNERS.flatMap((manner) =>
    ['first run', 'later runs'].map((phase) => ({
      figure: `… a process started, ${manner} server, ${phase}, over a spawn at exit`,
      unit: 'ms',
      atMost: 6,
      measured: median('exit', `${manner}: headcount, ${phase}`, 'overSpawnerMs'),
    })),
  );
  return [
    {
      ...{ figure: '`import`, over a one-line package', unit: 'ms' },
      ...{ atMost: 1, measured: imported('overMs', 'import') },
    },
    {
      ...{ figure: '`require()`, over a one-line package', unit: 'ms' },
      ...{ atMost: 1, measured: imported('overMs', 'require') },
    },
    {
      ...{ figure: '`import`, heap over one builtin', unit: 'MB' },
      ...{ atMost: 1, measured: overBuiltinMb('heapKb') },
    },
    {
      ...{ figure: '`import`, resident memory over one builtin', unit: 'MB' },
      ...{ atMost: 1, measured: overBuiltinMb('rssKb') },
    },
    {
      ...{ figure: 'first `track()`, known home', unit: 'ms' },
      ...{ atMost: 2.2, measured: median('first-track', 'known home', 'firstMs') },
    },
    {
      ...{ figure: 'first `track()`, fresh home', unit: 'ms' },
      ...{ atMost: 2.5, measured: median('first-track', 'fresh home', 'firstMs') },
    },
    {
      ...{ figure: 'a CLI of one event, no process started, over no telemetry', unit: 'ms' },
      ...{ atMost: 5.5, atMostOn: { 24: 5 }, measured: median('cli', 'headcount', 'overheadMs') },
    },
    ...started,
    {
      ...{ figure: 'longest synchronous section of a run, p99 of all runs', unit: 'ms' },
      ...{
        atMost: 8,
        measured: median('blocking', 'headcount section: longest of a run', 'p99Ms'),
      },
    },
    {
      ...{ figure: '`track()`, p99, against a bare open, write, close', unit: '×' },
      ...{ atMost: 3, measured: median('track', 'headcount', 'p99Ratio') },
    },
    {
      ...{ figure: 'evaluated by `import` and the first `track()`, minified', unit: 'kB' },
      ...{ atMost: 20, measured: evaluatedKb },
    },
    {
      ...{ figure: 'unpacked size', unit: 'kB' },
      ...{ atMost: 760, measured: installed('kb') },
    },
    {
      ...{ figure: 'packages installed', unit: '' },
      ...{ atMost: 1, measured: installed('packages') },
    },
  ];

  /** By `import` or by `require()`, whichever is more. @param {string} node */
  function evaluatedKb(node) {
    const ways = ['import', 'require'].map((way) =>
      medianOf(rowOf('evaluated', 'headcount', { node, way })?.['firstTrackKb']),
    );
    return ways.some((kb) => kb === undefined) ? undefined : Math.max(...ways.map(Number));
  }
}

/**
 * @param {Results} results
 * @param {{ isPartial?: boolean }} [options] `isPartial`: without what was not measured
 */
export function renderPromises(results, { isPartial = false } = {}) {
  const nodes = [
    ...new Set(
      Object.values(results).flatMap(({ rows }) =>
        rows.flatMap(({ metrics: { node } }) => (typeof node === 'string' ? [node] : [])),
      ),
    ),
  ].sort();
  const lines = checkPromises(results).flatMap(
    ({ figure, unit, atMost, atMostOn = {}, measured }) => {
      /** @param {string} node */
      const bound = (node) => atMostOn[node] ?? atMost;
      const values = nodes.map((node) => ({ value: measured(node), bound: bound(node) }));
      const known = values.flatMap(({ value, bound }) =>
        value === undefined ? [] : [{ value, bound }],
      );
      if (isPartial && known.length === 0) return [];
      const isReached = known.every(({ value, bound }) => value <= bound);
      const verdict = isReached ? 'reached' : '**not reached**';
      const exceptions = Object.entries(atMostOn).map(
        ([node, most]) => ` (${most} on Node ${node})`,
      );
      const line = [
        figure,
        `${atMost} ${unit}`.trim() + exceptions.join(''),
        ...values.map(({ value }) =>
          value === undefined ? '–' : String(Number(value.toFixed(2))),
        ),
        known.length === 0 ? 'not measured' : verdict,
      ];
      return [line];
    },
  );
  return renderGrid([['', 'to reach', ...nodes.map((node) => `Node ${node}`), ''], ...lines]);
}
