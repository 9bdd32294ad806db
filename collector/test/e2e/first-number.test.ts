import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { importBuilt } from '../support/built.js';
import { freePort } from '../support/free-port.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = readFileSync(join(REPOSITORY, 'docs/collector/first-number.md'), 'utf8');

/** A block of commands and the place that its first line names, or what a command prints. */
interface Block {
  readonly kind: string;
  readonly place: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...PAGE.matchAll(/```(\w+)\n(?:# (.+)\n)?([^]*?)```/g)].map(
  ([, kind = '', place = '', text = '']) => ({ kind, place, text }),
);

const find = (kind: string, part: string): string => {
  const found = blocks.find((block) => block.kind === kind && block.text.includes(part));
  if (found === undefined) throw new Error(`The page has no block of ${kind} with ${part}`);
  return found.text;
};

beforeAll(() => importBuilt());

it('leads from an empty folder to a number, command by command', async () => {
  const root = temporaryFolder();
  const [clone, folder, home] = ['headcount', 'acme-cli', 'home'].map((name) => join(root, name));
  if (clone === undefined || folder === undefined || home === undefined) throw new Error('never');
  for (const path of [clone, home]) mkdirSync(path);
  const port = String(await freePort());
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    // Only so that npm need not load again what it has loaded before.
    npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
    ...{ npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' },
  };
  // Nothing of the commands is changed but the port.
  const script = (text: string): string => text.replaceAll('8081', port);
  const run = (text: string, cwd: string): string =>
    execFileSync('sh', ['-ec', script(text)], { cwd, env, encoding: 'utf8', stdio: 'pipe' });

  // The clone is built already, before the tests: its last command packs what was built.
  const inClone = blocks.find(({ place }) => place === 'in the clone')?.text.trim() ?? '';
  const pack = /^npm ci && npm run build && (npm pack \. \.\/collector)$/.exec(inClone)?.[1];
  run(`${pack} --silent --pack-destination '${clone}'`, REPOSITORY);
  run(find('sh', 'npm install'), root);

  const serve = spawn('sh', ['-ec', script(find('sh', 'serve'))], {
    ...{ cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] as const },
  });
  let said = '';
  for (const stream of [serve.stdout, serve.stderr]) stream?.on('data', (text) => (said += text));
  const ended = once(serve, 'close');
  onTestFinished(async () => {
    // npx and the collector are of its group.
    if (serve.pid !== undefined && serve.exitCode === null) process.kill(-serve.pid, 'SIGTERM');
    await ended;
  });
  await until('the collector listens', () => said.includes(`listens on http://127.0.0.1:${port}`));

  const posted: unknown = JSON.parse(run(find('sh', '/v1/reports'), folder));
  expect(posted).toEqual(JSON.parse(find('json', 'accepted')));
  await until('the first report is told', () => said.includes('first report'));

  const moment = /\d{4}-\d\d-\d\d \d\d:\d\d/;
  const expected = find('text', 'acme-cli').replace(moment, 'then').trim();
  let table = '';
  await until('the person is counted', () => {
    table = run(find('sh', 'npx headcount-collector stats'), folder).trim();
    return table.includes('acme-cli');
  });
  expect(table.replace(moment, 'then')).toBe(expected);

  const summary = (): unknown => JSON.parse(run(find('sh', '/v1/stats/summary'), folder));
  expect(summary()).toMatchObject({ total_users: 1, total_reports: 1 });

  run(find('sh', 'node index.mjs'), folder);
  await until(
    'both people are counted',
    () => (summary() as { total_users: number }).total_users === 2,
  );
  run('node index.mjs', folder);
  expect(summary()).toMatchObject({ total_users: 2 });
  // npm alone takes ten seconds, and more on a busy machine.
}, 120_000);

it('has no other commands', () => {
  const places = blocks.filter(({ kind }) => kind === 'sh').map(({ place }) => place);
  expect(places).toEqual([
    'in the clone',
    'first terminal',
    'first terminal',
    'second terminal',
    'second terminal',
    'second terminal',
    'second terminal',
  ]);
});
