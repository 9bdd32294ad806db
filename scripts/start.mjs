// The main job, end to end: a collector on SQLite in a folder of its own, an example app that
// reports to it, and what was counted. See `npm start -- --help`.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PEOPLE, PROJECT } from './demo/names.mjs';
import { openSignInLink } from './start/sign-in-link.mjs';

const USAGE = `npm start -- [--once] [--port <number>] [--data <folder>] [--demo-data [--people <number>]]

  --once       end as soon as the counts are there: 0 if they are right, 1 if not
  --port       the collector's port; 0 takes any that is free (default 8081)
  --data       where everything is kept (default: a temporary folder, removed at the end)
  --demo-data  also fill 90 days of invented people, marked as such (takes about a minute)
  --people     how many of them (default ${PEOPLE})
`;
/** It first counts what a filled folder has waiting. */
const COLLECTOR_DEADLINE_MS = 120_000;
const COUNT_DEADLINE_MS = 30_000;
const SOMEBODY_ELSE = 'aaaabbbbccccdddd';

const repo = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    port: { type: 'string', default: '8081' },
    data: { type: 'string' },
    'demo-data': { type: 'boolean', default: false },
    people: { type: 'string', default: String(PEOPLE) },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const people = Number(options.people);
if (!Number.isInteger(people) || people < 1 || people > 10_000_000) {
  process.stderr.write(`--people takes a whole number from 1 to 10000000\n\n${USAGE}`);
  process.exit(2);
}

const folder = options.data
  ? path.resolve(options.data)
  : mkdtempSync(path.join(tmpdir(), 'headcount-start-'));
// Apart from yours: the examples' IDs and outboxes must not meet those of earlier starts.
const home = path.join(folder, 'home');
mkdirSync(home, { recursive: true });

/** Nothing of the caller's environment but what a process needs: a CI's would count as CI runs. */
const environment = (more = {}) => ({
  PATH: process.env.PATH,
  HOME: home,
  USERPROFILE: home,
  SYSTEMROOT: process.env.SYSTEMROOT,
  TMPDIR: tmpdir(),
  ...more,
});

const cli = path.join(repo, 'collector/dist/cli.js');
const data = path.join(folder, 'collector');

/** A token for a day. The list of recent users is exact for administrators alone. */
function createToken() {
  const settings = ['--level', 'administrator', '--expires', '1d'];
  const args = [cli, 'token', 'create', ...settings, '--name', 'npm start', '--data', data];
  return execFileSync(process.execPath, args, { env: environment(), encoding: 'utf8' }).trim();
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function startCollector() {
  const collector = spawn(
    process.execPath,
    [cli, 'serve', '--port', options.port, '--data', data],
    { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  collector.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  let hasEnded = false;
  const ended = new Promise((resolve) => collector.once('exit', (code) => resolve(code ?? 1)));
  void ended.then(() => (hasEnded = true));
  const address = await Promise.race([
    ended.then(() => undefined),
    (async () => {
      const end = Date.now() + COLLECTOR_DEADLINE_MS;
      for (; Date.now() < end && !hasEnded; await pause(25)) {
        const [found] = /https?:\/\/[\w.:[\]]+/.exec(said.includes('listens on') ? said : '') ?? [];
        if (found) return found;
      }
      collector.kill('SIGKILL');
    })(),
  ]);
  if (!address) {
    process.stderr.write(said);
    if (/--port/.test(said)) process.stderr.write('Here: npm start -- --port <number>\n');
    const how = hasEnded
      ? `ended with ${await ended} before it listened`
      : `did not listen within ${COLLECTOR_DEADLINE_MS / 1000} seconds, and was ended`;
    const why = said === '' ? 'it said nothing' : 'what it said is above';
    throw new Error(`the collector ${how}; ${why}`);
  }
  return { address, ended, stop: () => collector.kill('SIGTERM') };
}

function runExample(address, id) {
  const child = spawn(process.execPath, [path.join(repo, 'examples/hello-cli/hello.js')], {
    env: environment({
      HEADCOUNT_ENDPOINT: address,
      HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', // not once in ten minutes, as by default
      ...(id && { HEADCOUNT_ANONYMOUS_ID: id }),
    }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(said.trim()) : reject(new Error(`hello-cli ended with ${code}`)),
    );
  });
}

async function getJson(url, token) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

async function waitForCounts(address, reports, token, project = 'hello-cli') {
  const url = `${address}/stats?project=${project}`;
  const end = Date.now() + COUNT_DEADLINE_MS;
  for (;;) {
    const stats = await getJson(url, token);
    if (stats.total_reports >= reports || Date.now() > end) return stats;
    await pause(50);
  }
}

function show(stats, recent) {
  const rows = Object.entries({
    people: stats.total_users,
    'active today': stats.daily_active_users,
    'active this week': stats.weekly_active_users,
    reports: stats.total_reports,
    systems: JSON.stringify(stats.os_distribution),
    versions: JSON.stringify(stats.version_distribution),
  });
  console.log('\nWhat the collector counted for hello-cli:');
  for (const [name, value] of rows) console.log(`  ${name.padEnd(18)}${value}`);
  for (const user of recent.users) {
    console.log(
      `  ${user.anonymous_id}  ${user.os}  hello-cli ${user.version}  ${user.total_reports} reports`,
    );
  }
}

/** What is wrong with the counts, if anything is. */
function faultOf(stats) {
  if (stats.total_reports !== 4) return `${stats.total_reports} reports were counted, not 4`;
  if (stats.total_users !== 2) return `${stats.total_users} people were counted, not 2`;
  const versions = JSON.stringify(stats.version_distribution);
  if (versions !== '{"1.0.0":2}') return `the versions are ${versions}, not {"1.0.0":2}`;
  const systems = Object.values(stats.os_distribution);
  if (systems.length !== 1 || systems[0] !== 2)
    return 'two people on one system were not counted so';
  return undefined;
}

/** Shows the invented people, and says what is wrong with their number. */
async function checkInvented(address, token) {
  const stats = await waitForCounts(address, 1, token, PROJECT);
  const counted = `${stats.total_users} people in ${stats.total_reports} reports`;
  console.log(`\nWhat it counted for ${PROJECT}, all of it invented: ${counted}`);
  if (stats.invented !== true) throw new Error(`${PROJECT} is not marked as invented`);
  if (stats.total_users !== people) {
    throw new Error(`${stats.total_users} people of ${PROJECT} were counted, not ${people}`);
  }
}

/** Whether the folder has people whose invention took minutes, and no collector has shown them yet. */
let isWorthKeeping = false;

async function main() {
  if (options['demo-data']) {
    const { fillWithProgress } = await import('./start/fill-with-progress.mjs');
    await fillWithProgress({ data, people });
    isWorthKeeping = true;
  }
  const collector = await startCollector();
  const { address } = collector;
  const shownProject = options['demo-data'] ? PROJECT : 'hello-cli';
  let link;
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    link?.close();
    collector.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log(`The collector is up at ${address}, with its data in ${folder}`);
  try {
    for (const [run, id] of [undefined, undefined, undefined, SOMEBODY_ELSE].entries()) {
      const said = await runExample(address, id);
      console.log(`  run ${run + 1} of hello-cli${id ? ', by somebody else' : ''}: ${said}`);
    }
    const token = createToken();
    const stats = await waitForCounts(address, 4, token);
    show(stats, await getJson(`${address}/stats/recent?project=hello-cli`, token));
    // A data folder of your own may hold the counts of earlier starts.
    const fault = options.data ? undefined : faultOf(stats);
    if (fault) throw new Error(fault);
    if (options['demo-data']) await checkInvented(address, token);
    link = options.once
      ? undefined
      : await openSignInLink({ address, token, path: `/p/${shownProject}` });
  } catch (error) {
    stop();
    await collector.ended;
    throw error;
  }
  isWorthKeeping = false;
  if (options.once) stop();
  else {
    console.log(`
The dashboard: ${address}/p/${shownProject}
Opens it signed in, once: ${link.url}

Try next:
  curl ${address}/stats
  curl -H "Authorization: Bearer $(cat '${path.join(data, 'admin-token')}')" ${address}/stats/recent
  HEADCOUNT_ENDPOINT=${address} HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS=0 npm start -w hello-cli
  HEADCOUNT_ENDPOINT=${address} npm start -w hello-server
  DO_NOT_TRACK=1 HEADCOUNT_ENDPOINT=${address} npm start -w hello-cli

Ctrl-C ends it.`);
  }
  const code = await collector.ended;
  if (code !== 0) throw new Error(`the collector ended with ${code}`);
}

process.once('exit', () => {
  if (!options.data && !isWorthKeeping)
    // The example's last exit process may be there for another second.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
main().catch((error) => {
  console.error(`npm start: ${error.message}`);
  if (isWorthKeeping) {
    console.error(`The invented people are kept: npm start -- --data '${folder}' shows them.`);
  }
  process.exitCode = 1;
});
