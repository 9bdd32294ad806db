// @ts-check
// `npm run bench:scale:doc`: puts bench/results/scale.json into docs/scale.md.
import { fillPage, renderSection } from './fill-page.mjs';
import { readResults } from './results.mjs';
import { renderSizing } from './scale/render-sizing.mjs';
import { SCALE_RESULTS_FILE } from './scale/results-file.mjs';

const results = readResults(SCALE_RESULTS_FILE);

await fillPage(
  'scale.md',
  (name) => (name === 'sizing' ? renderSizing(results) : renderSection(results[name])),
  'bench/results/scale.json: bench:scale:doc',
);
