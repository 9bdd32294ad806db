import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../../support/admin-token.js';
import { fullReport } from '../../support/reports.js';
import { startProcess } from '../../support/start-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { commandFolder } from '../support/command-folder.js';
import { deployFile } from '../support/deploy-file.js';
import { freePort } from '../../support/free-port.js';
import { matching } from './prometheus-pattern.js';
import { FORMAT, type Item, TEMPLATE, TEXT } from './template.js';

const PROTOTYPES = TEMPLATE.discovery_rules.flatMap((rule) => rule.item_prototypes);
const ITEMS = [...TEMPLATE.items, ...PROTOTYPES];

it('is a template as Zabbix 6.0 imports one', () => {
  expect(FORMAT).toBe('6.0');
  const uuids = [...TEXT.matchAll(/uuid: ['"]?(\w+)/g)].map(([, uuid = '']) => uuid);
  expect(new Set(uuids).size).toBe(uuids.length);
  // Zabbix refuses other versions than 4.
  for (const uuid of uuids) expect(uuid).toMatch(/^[\da-f]{12}4[\da-f]{3}[89ab][\da-f]{15}$/);
  expect(new Set(ITEMS.map(({ key }) => key)).size).toBe(ITEMS.length);
  const maps = TEMPLATE.valuemaps.map(({ name }) => name);
  for (const { name, type, value_type: valueType, valuemap } of ITEMS) {
    expect([name, ['HTTP_AGENT', 'DEPENDENT', 'ZABBIX_PASSIVE'].includes(type)]).toEqual([
      name,
      true,
    ]);
    expect([name, ['FLOAT', 'UNSIGNED', 'TEXT', 'CHAR'].includes(valueType)]).toEqual([name, true]);
    if (valuemap !== undefined) expect(maps).toContain(valuemap.name);
  }
  const macros = TEMPLATE.macros.map(({ macro }) => macro);
  for (const [used] of TEXT.matchAll(/\{\$[A-Z._]+\}/g)) expect(macros).toContain(used);
});

it('has triggers of items that there are', () => {
  const keys = ITEMS.map(({ key }) => key);
  const triggers = ITEMS.flatMap((item) => [
    ...(item.triggers ?? []),
    ...(item.trigger_prototypes ?? []),
  ]);
  expect(triggers.length).toBeGreaterThan(15);
  for (const { expression, priority } of triggers) {
    expect(['INFO', 'WARNING', 'AVERAGE', 'HIGH', 'DISASTER']).toContain(priority);
    const start = `/${TEMPLATE.template}/`;
    expect(expression).toContain(start);
    for (const rest of expression.split(start).slice(1)) {
      expect([expression, keys.some((key) => rest.startsWith(key))]).toEqual([expression, true]);
    }
  }
});

it('takes each figure out of the metrics of a collector, and finds all that it discovers', async () => {
  const metricsPort = await freePort();
  const args = ['--port', '0', '--no-announce', '--data', temporaryFolder()];
  const collector = await startProcess([...args, '--metrics-port', String(metricsPort)]);
  const url = await collector.url();
  const now = new Date().toISOString();
  const report = fullReport({ project: 'acme-cli', timestamp: now });
  await fetch(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  });
  const master = TEMPLATE.items.find(({ key }) => key === 'headcount.metrics');
  expect(master?.url).toBe('{$HEADCOUNT.METRICS.URL}');
  const headers = (master?.headers ?? []).map(({ name, value }): [string, string] => [
    name,
    value.replace('{$HEADCOUNT.TOKEN}', ADMIN_TOKEN),
  ]);
  let text = '';
  await until('the report is in the metrics', async () => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { headers });
    text = await response.text();
    return text.includes('headcount_users{project="acme-cli"} 1');
  });

  const valueOf = ({ preprocessing = [] }: Item, found: Readonly<Record<string, string>>): void => {
    const [pattern = '', output = '', parameter = ''] = preprocessing[0]?.parameters ?? [];
    const filled = pattern.replace(/\{#\w+\}/g, (macro) => found[macro] ?? macro);
    const samples = matching(text, filled);
    // Zabbix takes one value, or adds up.
    if (output === 'function') expect([filled, samples.length > 0]).toEqual([filled, true]);
    else expect([filled, samples.length]).toEqual([filled, 1]);
    if (output === 'label') expect(samples[0]?.labels[parameter]).toMatch(/\d/);
  };
  for (const item of TEMPLATE.items) {
    if (item.type !== 'DEPENDENT') continue;
    expect(item.master_item).toEqual({ key: 'headcount.metrics' });
    valueOf(item, {});
  }
  for (const {
    key,
    preprocessing,
    lld_macro_paths: paths,
    item_prototypes: items,
  } of TEMPLATE.discovery_rules) {
    expect(preprocessing.map(({ type }) => type)).toEqual(['PROMETHEUS_TO_JSON']);
    const samples = matching(text, preprocessing[0]?.parameters[0] ?? '');
    expect([key, samples.length > 0]).toEqual([key, true]);
    for (const { labels } of samples) {
      const found = Object.fromEntries(
        paths.map(({ lld_macro: macro, path }) => {
          const label = /^\$\.labels\['(\w+)'\]$/.exec(path)?.[1] ?? '';
          return [macro, labels[label] ?? ''];
        }),
      );
      for (const item of items) valueOf(item, found);
    }
  }
});

/** Asks the real agent for items of a collector, with a folder in its PATH before all others. */
function askAgent(url: string, commands: string): (key: string) => string {
  const folder = temporaryFolder();
  const config = join(folder, 'zabbix_agentd.conf');
  writeFileSync(
    config,
    `Server=127.0.0.1
LogType=console
AllowRoot=1
Timeout=20
Include=${deployFile('zabbix/headcount.conf')}
`,
  );
  const env = {
    PATH: `${commands}:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: folder,
    HEADCOUNT_TOKEN: ADMIN_TOKEN,
  };
  return (key) => {
    const filled = key.replace('{$HEADCOUNT.URL}', url).replace('{$HEADCOUNT.DATA}', '/');
    const answer = spawnSync('zabbix_agentd', ['-c', config, '-t', filled], {
      env,
      encoding: 'utf8',
    });
    expect([filled, answer.status]).toEqual([filled, 0]);
    return /\[[tuds]\|([\s\S]*)\]\s*$/.exec(answer.stdout)?.[1] ?? `none: ${answer.stdout}`;
  };
}

const STATE = 'headcount.state["{$HEADCOUNT.URL}"]';

/** The triggers of the check that fire while it ends with the same code for long; NaN is no data. */
const firedBy = (code: number): readonly string[] =>
  (TEMPLATE.items.find(({ key }) => key === STATE)?.triggers ?? [])
    .filter(({ expression }) =>
      expression.split(' or ').some((part) => {
        const [, name, compare, limit] = /^(\w+)\(.*,\d+m\)([=>])(\d+)$/.exec(part) ?? [];
        const isSilent = Number.isNaN(code);
        const value = name === 'nodata' ? Number(isSilent) : code;
        expect([part, name]).toEqual([part, expect.stringMatching(/^(nodata|min)$/)]);
        return compare === '=' ? value === Number(limit) : value > Number(limit);
      }),
    )
    .map(({ name }) => name);

const UNKNOWN = 'Nothing is known of Headcount';

it.each([
  [0, []],
  [1, ['Headcount warns']],
  [2, ['Headcount does not work']],
  ...[NaN, 3, 4, 125, 126, 127, 128, 137, 139, 255].map((code): [number, string[]] => [
    code,
    [UNKNOWN],
  ]),
])('has one trigger for a check that ends with %d, and none only if all is well', (code, names) => {
  expect(firedBy(code)).toEqual(names);
});

it('tells by the real agent that the check is missing, cannot run, or is asked wrongly', () => {
  const url = 'http://127.0.0.1:9';
  const notExecutable = temporaryFolder();
  const script = '#!/etc/passwd\n';
  writeFileSync(join(notExecutable, 'headcount-collector'), script, { mode: 0o755 });
  const codes = [
    askAgent(url, temporaryFolder())(STATE),
    askAgent(url, notExecutable)(STATE),
    askAgent('no-url', commandFolder())(STATE),
  ].map(Number);
  expect(codes).toEqual([127, 126, 3]);
  for (const code of codes) expect(firedBy(code)).toEqual([UNKNOWN]);
});

it('answers the items of the agent by the real agent', async () => {
  const data = temporaryFolder();
  const collector = await startProcess(['--port', '0', '--no-announce', '--data', data]);
  const url = await collector.url();
  const ask = askAgent(url, commandFolder());
  const agentItems = TEMPLATE.items.filter(({ type }) => type === 'ZABBIX_PASSIVE');
  for (const { key, value_type: valueType } of agentItems) {
    const value = ask(key);
    if (valueType === 'TEXT') expect(value).toMatch(/^HEADCOUNT (OK|WARNING) - /);
    // A warning may be about the machine that runs the tests.
    else if (key.startsWith('headcount.state')) expect(['0', '1']).toContain(value);
    else expect([key, Number(value) >= 0]).toEqual([key, true]);
  }

  collector.child.kill('SIGKILL');
  await collector.ended;
  expect(ask(STATE)).toBe('2');
  expect(ask('headcount.check["{$HEADCOUNT.URL}"]')).toMatch(/^HEADCOUNT CRITICAL - /);
});
