// @ts-check
import { medianOf } from '../table.mjs';

/** @param {import('../results.mjs').Results} results @returns {import('../bar-chart.mjs').BarGroup[]} */
export function chartReports(results) {
  const rows = [
    ...(results['single']?.rows ?? []).map((row) => {
      const [connections = '', design = ''] = row.label.split(': ');
      return { title: `single reports, ${connections}`, design, metrics: row.metrics };
    }),
    ...(results['batches']?.rows ?? []).map(({ label, metrics }) => ({
      title: 'batches of 50',
      design: label,
      metrics,
    })),
  ];
  return [...new Set(rows.map(({ title }) => title))].map((title) => ({
    title,
    bars: rows
      .filter((row) => row.title === title)
      .map(({ design, metrics }) => ({
        label: design,
        value: medianOf(metrics['perSecond']) ?? 0,
        isOwn: design === 'Headcount',
      })),
  }));
}
