// @ts-check
import { MANNERS } from './bench-server.mjs';
import { HANG_AFTER_MS } from './sections/exit-cells.mjs';
import { medianOf } from './table.mjs';

/**
 * @typedef {import('./bar-chart.mjs').BarGroup} BarGroup
 * @typedef {import('./results.mjs').SectionResult} SectionResult
 */

/** @param {string} label */
const isOwn = (label) => label.startsWith('headcount');

/** By manner of server. @param {SectionResult | undefined} exit @returns {BarGroup[]} */
export function chartExit(exit) {
  return MANNERS.map((manner) => ({
    title: `${manner} server`,
    bars: (exit?.rows ?? [])
      .filter(({ group, isBase }) => group === manner && !isBase)
      .map(({ label: whole, metrics: { overheadMs } }) => {
        const label = whole.slice(manner.length + 2);
        const bar = { label: shorten(label), isOwn: isOwn(label) };
        if (typeof overheadMs === 'string') return { ...bar, value: HANG_AFTER_MS, shown: 'hangs' };
        return { ...bar, value: medianOf(overheadMs) ?? 0 };
      }),
  })).filter(({ bars }) => bars.length > 0);
}

/** @param {SectionResult | undefined} result @returns {BarGroup[]} */
export function chartImport(result) {
  const bars = (result?.rows ?? []).map(({ label, metrics, isBase }) => ({
    label: isBase ? 'one builtin' : label,
    value: medianOf(metrics['importMs']) ?? 0,
    isOwn: isOwn(label),
  }));
  return bars.length > 0 ? [{ title: 'import', bars }] : [];
}

/** @param {string} label */
const shorten = (label) =>
  label
    .replace('@amplitude/analytics-node', '@amplitude')
    .replace('@segment/analytics-node', '@segment');
