// @ts-check
// `npm run bench:client`: Headcount and its peers against the same app without telemetry.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { selectContenders } from './client/contenders.mjs';
import { findNodes } from './client/nodes.mjs';
import { parseOptions } from './client/options.mjs';
import { renderPromises } from './client/promises.mjs';
import { CLIENT_RESULTS_FILE } from './client/results-file.mjs';
import { SECTIONS } from './client/sections.mjs';
import { openWorkshop } from './client/workshop.mjs';
import { describeMachine } from './machine.mjs';
import { createProgress } from './progress.mjs';
import { writeResults } from './results.mjs';
import { renderTable } from './table.mjs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** @param {import('./client/options.mjs').Options} options @param {string} command */
async function run(options, command) {
  const { out = CLIENT_RESULTS_FILE } = options;
  const progress = createProgress();
  const contenders = selectContenders(options.headcountOnly);
  const workshop = openWorkshop(contenders, progress.show);
  process.once('SIGINT', () => {
    void workshop.remove().finally(() => process.exit(130));
  });
  /** @type {import('./results.mjs').Results} */
  const results = {};
  try {
    const nodes = findNodes(options.thisNodeOnly, workshop.newHome(), progress.show);
    const versions = nodes.map((node) => node.version);
    const machine = describeMachine();
    const { cpu, cores, kernel } = machine;
    console.log(`${cpu}, ${cores} cores, ${kernel}, Node ${versions.join(' and ')}`);
    for (const { name, title, note, columns, measure } of SECTIONS) {
      if (!options.sections.includes(name)) continue;
      progress.section(name);
      const measured = {
        ...{ date: new Date().toISOString(), command, pairs: options.pairs, headcount: version },
        load: Number((loadavg()[0] ?? 0).toFixed(2)),
        machine,
        nodes: versions,
      };
      const rows = await measure({ workshop, contenders, nodes, options, progress: progress.show });
      progress.done();
      console.log(`\n${title}\n${renderTable(columns, rows)}`);
      results[name] = { title, note, measured, columns, rows };
      // After each section: a run that is broken off has not been for nothing.
      writeResults(results, out);
    }
    console.log(`\nWhat is promised\n${renderPromises(results, { isPartial: true })}`);
  } finally {
    progress.done();
    await workshop.remove();
  }
}

const args = process.argv.slice(2);
try {
  const options = parseOptions(args);
  if (options) await run(options, ['npm run bench:client --', ...args].join(' '));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
