// @ts-check
// `npm run bench:client:doc`: puts bench/results/client.json into docs/performance.md and its charts.
import { renderBarChart } from './bar-chart.mjs';
import { chartExit, chartImport } from './client/charts.mjs';
import { renderPromises } from './client/promises.mjs';
import { CLIENT_RESULTS_FILE } from './client/results-file.mjs';
import { fillPage, renderSection } from './fill-page.mjs';
import { readResults } from './results.mjs';
import { writePage } from './write-page.mjs';

const HINT = 'bench/results/client.json: bench:client:doc';
const results = readResults(CLIENT_RESULTS_FILE);

await fillPage(
  'performance.md',
  (name) =>
    name === 'promises'
      ? renderPromises(results)
      : renderSection(results[name], 'Median (least–greatest). '),
  HINT,
);
writePage(
  'charts/exit.svg',
  renderBarChart(
    'Milliseconds that a CLI of one event takes longer (logarithmic)',
    chartExit(results['exit']),
  ),
  HINT,
);
writePage(
  'charts/import.svg',
  renderBarChart('Milliseconds of an import (logarithmic)', chartImport(results['import'])),
  HINT,
);
