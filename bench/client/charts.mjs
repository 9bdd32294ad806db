// @ts-check
import { medianOf } from '../table.mjs';
import { MANNERS } from './bench-server.mjs';
import { HANG_AFTER_MS } from './sections/cli-cells.mjs';

/**
 * @typedef {import('../bar-chart.mjs').BarGroup} BarGroup
 * @typedef {import('../results.mjs').SectionResult} SectionResult
 */

/** @param {string} label */
const isOwn = (label) => label.startsWith('headcount');

/** By manner of server, on the first Node.js alone. @param {SectionResult | undefined} exit @returns {BarGroup[]} */
export function chartExit(exit) {
  const rows = exit?.rows ?? [];
  const node = rows[0]?.metrics['node'];
  return MANNERS.map((manner) => ({
    title: `${manner} server`,
    bars: rows
      .filter((row) => row.label.startsWith(`${manner}: `) && row.metrics['node'] === node)
      .filter(({ isBase }) => !isBase)
      .map(({ label: whole, metrics: { overheadMs } }) => {
        const label = whole.slice(manner.length + 2);
        const bar = { label: shorten(label), isOwn: isOwn(label) };
        if (typeof overheadMs === 'string') return { ...bar, value: HANG_AFTER_MS, shown: 'hangs' };
        return { ...bar, value: medianOf(overheadMs) ?? 0 };
      }),
  })).filter(({ bars }) => bars.length > 0);
}

/** By way and Node.js. @param {SectionResult | undefined} result @returns {BarGroup[]} */
export function chartImport(result) {
  const rows = (result?.rows ?? []).map((row) => ({
    row,
    title: `${row.metrics['way']}, Node ${row.metrics['node']}`,
  }));
  return [...new Set(rows.map(({ title }) => title))].map((title) => ({
    title,
    bars: rows
      .filter((of) => of.title === title)
      .map(({ row: { label, metrics } }) => ({
        label,
        value: medianOf(metrics['importMs']) ?? 0,
        isOwn: isOwn(label),
      })),
  }));
}

/** @param {string} label */
const shorten = (label) =>
  label
    .replace('@amplitude/analytics-node', '@amplitude')
    .replace('@segment/analytics-node', '@segment');
