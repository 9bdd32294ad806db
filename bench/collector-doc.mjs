// @ts-check
// `npm run bench:collector:doc`: puts bench/results/collector.json into docs/collector-performance.md.
import { renderPromises } from './collector/promises.mjs';
import { COLLECTOR_RESULTS_FILE } from './collector/results-file.mjs';
import { fillPage, renderSection } from './fill-page.mjs';
import { readResults } from './results.mjs';

const results = readResults(COLLECTOR_RESULTS_FILE);

await fillPage(
  'collector-performance.md',
  (name) => (name === 'promises' ? renderPromises(results) : renderSection(results[name])),
  'bench/results/collector.json: bench:collector:doc',
);
