// @ts-check
// `npm run bench:collector:doc`: puts bench/results/collector.json into docs/collector-performance.md,
// its chart, and docs/collector/sizing.md.
import { renderBarChart } from './bar-chart.mjs';
import { chartReports } from './collector/charts.mjs';
import { renderPromises } from './collector/promises.mjs';
import { renderSizing } from './collector/render-sizing.mjs';
import { COLLECTOR_RESULTS_FILE } from './collector/results-file.mjs';
import { fillPage, renderSection } from './fill-page.mjs';
import { readResults } from './results.mjs';
import { writePage } from './write-page.mjs';

const HINT = 'bench/results/collector.json: bench:collector:doc';
const results = readResults(COLLECTOR_RESULTS_FILE);

await fillPage(
  'collector-performance.md',
  (name) => (name === 'promises' ? renderPromises(results) : renderSection(results[name])),
  HINT,
);
await fillPage(
  'collector/sizing.md',
  (name) => (name === 'computed' ? renderSizing(results) : renderSection(results[name])),
  HINT,
);
writePage(
  'charts/collector.svg',
  renderBarChart('Reports on disk in a second (logarithmic)', chartReports(results)),
  HINT,
);
