// @ts-check
// `npm run bench:client`: Headcount and its peers against the same app without telemetry.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { selectContenders } from './contenders.mjs';
import { describeMachine } from './machine.mjs';
import { parseOptions } from './options.mjs';
import { createProgress } from './progress.mjs';
import { writeResults } from './results.mjs';
import { SECTIONS } from './sections.mjs';
import { renderTable } from './table.mjs';
import { openWorkshop } from './workshop.mjs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** @param {import('./options.mjs').Options} options @param {string} command */
async function run(options, command) {
  const progress = createProgress();
  const contenders = selectContenders(options.headcountOnly);
  const workshop = openWorkshop(contenders, progress.show);
  process.once('SIGINT', () => {
    void workshop.remove().finally(() => process.exit(130));
  });
  const machine = describeMachine();
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}`);
  try {
    for (const { name, title, note, columns, measure } of SECTIONS) {
      if (!options.sections.includes(name)) continue;
      progress.section(name);
      const measured = {
        date: new Date().toISOString(),
        command,
        pairs: options.pairs,
        headcount: version,
        load: Number((loadavg()[0] ?? 0).toFixed(2)),
        machine,
      };
      const rows = await measure({ workshop, contenders, options, progress: progress.show });
      progress.done();
      console.log(`\n${title}\n${renderTable(columns, rows)}`);
      // After each section: a run that is broken off has not been for nothing.
      writeResults({ [name]: { title, note, measured, columns, rows } }, options.out);
    }
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
