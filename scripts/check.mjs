// `npm run check`: everything that must hold before a change is taken, one line each.
// `--without <step>` leaves one out, for a caller that has just run it.
import { exec } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Steps of a stage run two at a time: most use one processor. A stage needs those before it. */
const STAGES = [
  {
    lint: 'npm run --silent lint',
    types: 'npm run --silent types',
    format: 'npm run --silent format',
    unused: 'npm run --silent unused',
    imports: 'npm run --silent imports',
  },
  { tests: 'npm test --silent' },
  { build: 'npm run --silent build' },
  {
    publint: 'npm run --silent publint',
    'types of the package': 'npm run --silent attw',
    size: 'npm run --silent size',
  },
];
const AT_ONCE = 2;

const { values } = parseArgs({
  options: { without: { type: 'string', multiple: true, default: [] } },
});
const cwd = fileURLToPath(new URL('../', import.meta.url));
const results = { passed: 0, failed: 0 };

function run(name, command) {
  const started = performance.now();
  return new Promise((resolve) => {
    exec(command, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      results[error === null ? 'passed' : 'failed'] += 1;
      console.log(`${error === null ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (error !== null) console.log(`\n$ ${command}\n${stdout}${stderr}`);
      resolve();
    });
  });
}

for (const stage of STAGES) {
  const steps = Object.entries(stage).filter(([name]) => !values.without.includes(name));
  const work = async () => {
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) await run(...step);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
