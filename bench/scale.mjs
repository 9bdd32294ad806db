// @ts-check
// `npm run bench:scale`: collectors on PostgreSQL beside one on SQLite, in one run on one machine.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './machine.mjs';
import { createProgress } from './progress.mjs';
import { writeResults } from './results.mjs';
import { openSite } from './scale/open-site.mjs';
import { parseOptions } from './scale/options.mjs';
import { SCALE_RESULTS_FILE } from './scale/results-file.mjs';
import { SECTIONS } from './scale/sections.mjs';
import { renderTable } from './table.mjs';

/** @param {string} path */
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(file('../collector/package.json'), 'utf8'));

/** @param {import('./scale/options.mjs').Options} options @param {string} command */
async function run(options, command) {
  for (const name of ['postgres', 'redis']) {
    execFileSync('sh', [file(`../scripts/install-${name}.sh`)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const progress = createProgress();
  const machine = describeMachine();
  const load = Number((loadavg()[0] ?? 0).toFixed(2));
  const postgres = execFileSync('/usr/lib/postgresql/15/bin/postgres', ['--version'], {
    encoding: 'utf8',
  });
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}`);
  console.log(`${postgres.trim()}; load average ${load} before it began`);
  progress.section('filling both stores');
  const site = await openSite(options.users, progress.show);
  try {
    for (const { name, title, note, columns, measure } of SECTIONS) {
      if (!options.sections.includes(name)) continue;
      progress.section(name);
      const measured = {
        date: new Date().toISOString(),
        command,
        headcount: version,
        load,
        machine,
      };
      const rows = await measure({ site, options, progress: progress.show });
      progress.done();
      console.log(`\n${title}\n${note}\n\n${renderTable(columns, rows)}`);
      // After each section: a run that is broken off has not been for nothing.
      writeResults(
        { [name]: { title, note, measured, columns, rows } },
        options.out ?? SCALE_RESULTS_FILE,
      );
    }
  } finally {
    await site.remove();
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const args = process.argv.slice(2);
try {
  const options = parseOptions(args);
  if (options) await run(options, ['npm run bench:scale --', ...args].join(' '));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // Collectors that still run would keep it from ending.
  process.exit(1);
}
