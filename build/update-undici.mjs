// `npm run update:undici` installs the newest undici that runs on the oldest supported Node.js,
// builds, and runs the tests that say what moved. `-- --accept` rewrites the list of its files.
import { execSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** undici 8 needs Node.js 22.19. */
const MAJOR = 7;
const TESTS = [
  'test/build/lean-undici.test.ts',
  'test/sender',
  'test/host/sender-in-process.test.ts',
];

const cwd = fileURLToPath(new URL('../', import.meta.url));
const run = (command) => execSync(command, { cwd, stdio: 'inherit' });
const version = () => JSON.parse(readFileSync(`${cwd}node_modules/undici/package.json`)).version;
const isAccepted = process.argv.includes('--accept');

const before = version();
if (isAccepted) {
  run('npx tsup --silent');
  const inputs = JSON.parse(readFileSync(`${cwd}dist/bundled-sender-cjs.json`, 'utf8'));
  const matching = (pattern) => inputs.flatMap((file) => pattern.exec(file)?.[1] ?? []).sort();
  const list = {
    bundled: matching(/^node_modules\/undici\/(.+)$/),
    leftOut: matching(/^left-out:(.+)$/),
  };
  writeFileSync(`${cwd}build/undici-files.json`, `${JSON.stringify(list, null, 2)}\n`);
  run('npx prettier --log-level warn --write build/undici-files.json');
  console.log(`Accepted: ${list.bundled.length} files of undici ${before} in the sender.`);
} else run(`npm install --save-dev undici@${MAJOR}`);
console.log(`undici: ${before} before, ${version()} now.`);

run('npm run --silent build');
const { status } = spawnSync('npx', ['vitest', 'run', ...TESTS], { cwd, stdio: 'inherit' });
if (status === 0) {
  console.log('Nothing moved that matters. Now run `npm run test:e2e` and `npm run test:faults`.');
} else {
  console.log(`What moved stands above. If each change is wanted, accept the new list of files:
  npm run update:undici -- --accept`);
}
process.exitCode = status ?? 1;
