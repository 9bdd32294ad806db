// @ts-check
// `npm run bench:client:doc`: puts bench/results/client.json into docs/performance.md.
import { fillPage, renderSection } from './fill-page.mjs';
import { checkPromises } from './promises.mjs';
import { readResults } from './results.mjs';
import { renderGrid } from './table.mjs';

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
  'bench/results/client.json: bench:client:doc',
);
