// @ts-check
// `npm run bench:client:doc`: puts bench/results/client.json into docs/performance.md and its charts.
import { renderBarChart } from './bar-chart.mjs';
import { chartExit, chartImport } from './client-charts.mjs';
import { fillPage, renderSection } from './fill-page.mjs';
import { checkPromises } from './promises.mjs';
import { readResults } from './results.mjs';
import { renderGrid } from './table.mjs';
import { writePage } from './write-page.mjs';

const HINT = 'bench/results/client.json: bench:client:doc';
const results = readResults();

function renderPromises() {
  const lines = checkPromises(results).map(({ figure, unit, atMost, measured }) => [
    figure,
    `${atMost} ${unit}`.trim(),
    measured === undefined ? '–' : `${Number(measured.toFixed(2))} ${unit}`.trim(),
    measured === undefined ? 'not measured' : measured <= atMost ? 'reached' : '**not reached**',
  ]);
  return renderGrid([['', 'at most', 'measured', ''], ...lines]);
}

await fillPage(
  'performance.md',
  (name) =>
    name === 'promises'
      ? renderPromises()
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
