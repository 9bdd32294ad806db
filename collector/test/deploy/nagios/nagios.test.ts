import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../../support/admin-token.js';
import { startProcess } from '../../support/start-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { commandFolder } from '../support/command-folder.js';
import { deployFile } from '../support/deploy-file.js';
import { freePort } from '../../support/free-port.js';
import { startPrometheus } from '../support/start-prometheus.js';
import { commandLine, readObjects } from './read-objects.js';

const OBJECTS = readObjects(readFileSync(deployFile('nagios/headcount.cfg'), 'utf8'));
const [HOST = { kind: '', directives: {} }] = OBJECTS.filter(({ kind }) => kind === 'host');
const CHECKS = OBJECTS.filter(({ kind }) => kind === 'service' || kind === 'host').flatMap(
  ({ directives }) => directives['check_command'] ?? [],
);

async function run(line: string, env: Record<string, string>): Promise<[number, string]> {
  const child = spawn('sh', ['-c', line], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return [code, output];
}

it('uses objects that there are', () => {
  for (const { kind, directives } of OBJECTS) {
    if (kind !== 'service') continue;
    const { use, host_name: host } = directives;
    const template = OBJECTS.find((one) => one.directives['name'] === use);
    expect([host ?? template?.directives['host_name']]).toEqual([HOST.directives['host_name']]);
  }
  expect(CHECKS.length).toBe(5);
});

it('runs each check with the real plugins: well, and then critical', async () => {
  const metricsPort = await freePort();
  const data = temporaryFolder();
  const args = ['--port', '0', '--no-announce', '--data', data];
  const collector = await startProcess([...args, '--metrics-port', String(metricsPort)]);
  const url = await collector.url();
  const prometheus = await startPrometheus(`
global: { scrape_interval: 1s }
scrape_configs: [{ job_name: headcount, static_configs: [{ targets: ['127.0.0.1:${metricsPort}'] }] }]
`);
  const isUp = async (): Promise<boolean> =>
    (await prometheus.query('headcount_component_up')).length > 0;
  await prometheus.until('it has scraped', isUp);
  const macros = {
    USER1: '/usr/lib/nagios/plugins',
    HOSTADDRESS: HOST.directives['address'] ?? '',
    _HOSTURL: url,
    _HOSTPORT: new URL(url).port,
    _HOSTPROMETHEUS_PORT: new URL(prometheus.url).port,
  };
  const env = {
    PATH: `${commandFolder()}:${process.env['PATH']}`,
    HOME: temporaryFolder(),
    HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN,
  };
  const runAll = async (): Promise<Record<string, number>> => {
    const results: Record<string, number> = {};
    for (const check of CHECKS) {
      const [code, output] = await run(commandLine(OBJECTS, check, macros), env);
      results[check] = code;
      if (!check.startsWith('check_headcount!')) continue;
      expect(output).toMatch(/^HEADCOUNT (OK|WARNING|CRITICAL) - [^\n]+\n$/);
    }
    return results;
  };
  const well = await runAll();
  for (const [check, code] of Object.entries(well)) {
    // A warning may be about the machine that runs the tests.
    const allowed = check.startsWith('check_headcount!') ? [0, 1] : [0];
    expect([check, allowed]).toEqual([check, expect.arrayContaining([code]) as number[]]);
  }

  collector.child.kill('SIGKILL');
  await collector.ended;
  await prometheus.until('it has noticed', async () => !(await isUp()));
  const after = await runAll();
  for (const [check, code] of Object.entries(after)) {
    // Nothing is known of the backup of a collector that does not run: the check above says so.
    expect([check, code]).toEqual([check, check.includes('backup') ? 0 : 2]);
  }
});
