// Packs both packages, installs them into an empty project as a user would, and counts one person:
// node scripts/try-packages.mjs. It needs a build and the npm registry, and runs on every system.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repo = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'headcount try ')); // spaces are usual on Windows
const data = join(folder, 'data');

function fail(why) {
  console.error(`failed: ${why}`);
  process.exit(1);
}

/** npm is a script of the shell on Windows. */
function npm(cwd, ...args) {
  const { status } = spawnSync('npm', args, {
    cwd,
    shell: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) fail(`npm ${args.join(' ')} ended with ${status}`);
}

async function until(what, find) {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > end) fail(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

writeFileSync(
  join(folder, 'package.json'),
  '{ "name": "acme-cli", "version": "2.3.1", "private": true }',
);
writeFileSync(join(folder, 'cli.cjs'), "require('headcount').track(); console.log('done');");
for (const cwd of [repo, join(repo, 'collector')])
  npm(cwd, 'pack', '--silent', '--pack-destination', `"${folder}"`);
const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
npm(
  folder,
  'install',
  '--silent',
  '--no-audit',
  '--no-fund',
  ...tarballs.map((name) => `./${name}`),
);

const cli = join(folder, 'node_modules/headcount-collector/dist/cli.js');
const collector = spawn(process.execPath, [
  cli,
  'serve',
  '--port',
  '0',
  '--data',
  data,
  '--no-announce',
  '--no-metrics',
]);
process.on('exit', () => collector.kill('SIGKILL'));
let said = '';
for (const stream of [collector.stdout, collector.stderr])
  stream.on('data', (text) => (said += text));
const url = await until('a collector that listens', () => /listens on (http:\S+)/.exec(said)?.[1]);

const home = join(folder, 'home');
mkdirSync(home);
const env = {
  ...process.env,
  ...{
    HOME: home,
    USERPROFILE: home,
    APPDATA: join(home, 'Roaming'),
    LOCALAPPDATA: join(home, 'Local'),
  },
  ...{ HEADCOUNT_ENDPOINT: url, CI: '', GITHUB_ACTIONS: '' },
};
const run = (more = {}) =>
  spawnSync(process.execPath, ['cli.cjs'], {
    cwd: folder,
    env: { ...env, ...more },
    encoding: 'utf8',
  });

for (const [variables, files] of [
  [{ DO_NOT_TRACK: '1' }, 'none'],
  [{}, 'some'],
]) {
  const { status, stdout, stderr } = run(variables);
  if (status !== 0 || stdout !== 'done\n' || stderr !== '')
    fail(JSON.stringify({ status, stdout, stderr }));
  const isEmpty = readdirSync(home).length === 0;
  if (isEmpty !== (files === 'none'))
    fail(`with ${JSON.stringify(variables)} the home should have ${files}: files`);
}
const token = readFileSync(join(data, 'admin-token'), 'utf8').trim();
const stats = await until('a person who is counted', async () => {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await (await fetch(`${url}/stats?project=acme-cli`, { headers })).json();
  return answer.total_users === 1 && answer;
});
console.log(
  `${process.platform} ${process.arch}, Node.js ${process.versions.node}: 1 person, ${stats.total_reports} report`,
);
process.exit(0);
