// @ts-check
// `npm run bench:collector`: the collector beside two other designs, on the same machine.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { selectContenders } from './collector/contenders.mjs';
import { parseOptions } from './collector/options.mjs';
import { renderPromises } from './collector/promises.mjs';
import { COLLECTOR_RESULTS_FILE } from './collector/results-file.mjs';
import { SECTIONS } from './collector/sections.mjs';
import { openWorkshop } from './collector/workshop.mjs';
import { describeMachine } from './machine.mjs';
import { createProgress } from './progress.mjs';
import { readResults, writeResults } from './results.mjs';
import { renderTable } from './table.mjs';

/** @param {string} path */
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(file('../collector/package.json'), 'utf8'));

/** @param {import('./collector/options.mjs').Options} options @param {string} command */
async function run(options, command) {
  if (process.platform !== 'linux' || availableParallelism() < 2) {
    throw new Error('The benchmark needs Linux and two cores: one for each side.');
  }
  execFileSync('sh', [file('./collector/set-up.sh'), options.oursOnly ? 'ours' : 'all'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { out = COLLECTOR_RESULTS_FILE } = options;
  const progress = createProgress();
  const contenders = selectContenders(options.oursOnly);
  const workshop = openWorkshop(progress.show);
  process.once('exit', workshop.remove);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  const machine = describeMachine();
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}`);
  for (const { name, title, note, columns, measure } of SECTIONS) {
    if (!options.sections.includes(name)) continue;
    progress.section(name);
    const load = Number((loadavg()[0] ?? 0).toFixed(2));
    const measured = { date: new Date().toISOString(), command, headcount: version, load, machine };
    const rows = await measure({ workshop, contenders, options, progress: progress.show });
    progress.done();
    console.log(`\n${title}\n${renderTable(columns, rows)}`);
    // After each section: a run that is broken off has not been for nothing.
    writeResults({ [name]: { title, note, measured, columns, rows } }, out);
  }
  console.log(`\nWhat is promised\n${renderPromises(readResults(out))}`);
}

const args = process.argv.slice(2);
try {
  const options = parseOptions(args);
  if (options) await run(options, ['npm run bench:collector --', ...args].join(' '));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
