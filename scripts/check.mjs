// `npm run check`: everything that must hold before a change is taken, one line each.
// `--without <step>` leaves one out, for a caller that has just run it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const STEPS = {
  format: 'npm run --silent format',
  lint: 'npm run --silent lint',
  types: 'npm run --silent types',
  unused: 'npm run --silent unused',
  imports: 'npm run --silent imports',
  tests: 'npm test --silent',
  build: 'npm run --silent build',
  publint: 'npm run --silent publint',
  'types of the package': 'npm run --silent attw',
  size: 'npm run --silent size',
};

const { values } = parseArgs({
  options: { without: { type: 'string', multiple: true, default: [] } },
});
const cwd = fileURLToPath(new URL('../', import.meta.url));
const results = { passed: 0, failed: 0 };

for (const [name, command] of Object.entries(STEPS)) {
  if (values.without.includes(name)) continue;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, {
    cwd,
    shell: true,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  results[status === 0 ? 'passed' : 'failed'] += 1;
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status !== 0) console.log(`\n$ ${command}\n${stdout}${stderr}`);
}

console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
