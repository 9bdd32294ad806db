import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startRelay } from '../support/start-relay.js';
import { until } from '../support/until.js';

const FOLDER = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url));
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const RULES = read('../../deploy/prometheus/relay-alerts.yml');
const CASES = read('../../deploy/prometheus/relay-alerts-test.yml');
const DOCS = read('../../../docs/collector/relay.md');
const ALERTS = [...RULES.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

const promtool = (...args: readonly string[]): string =>
  execFileSync('promtool', args, { cwd: FOLDER, encoding: 'utf8' });

describe('the alerts of relays', () => {
  it('are valid, and fire where they should, and only there', () => {
    promtool('check', 'rules', 'relay-alerts.yml');
    expect(promtool('test', 'rules', 'relay-alerts-test.yml')).toContain('SUCCESS');
  });

  it.each(ALERTS)('try %s above and below', (alert) => {
    const groups = CASES.split('- name: ').filter((group) => group.includes(`"${alert}"`));
    const results = groups.map((group) => /value: (\d)/.exec(group)?.[1]);
    expect(results.sort()).toEqual(['0', '1']);
  });

  it.each(ALERTS)('say of %s how bad it is, what is done, and where it is described', (alert) => {
    const rule = RULES.split('- alert: ').find((one) => one.startsWith(`${alert}\n`)) ?? '';
    const severity = /severity: (\w+)/.exec(rule)?.[1];
    const action = /action: (\w+)/.exec(rule)?.[1];
    expect(rule).toContain(`docs/collector/relay.md#${alert.toLowerCase()}'`);
    const paragraph = (DOCS.split(`### ${alert}\n`)[1] ?? '').split('\n#')[0] ?? '';
    for (const part of ['**Means**:', '**Check**:', '**Fix**:']) expect(paragraph).toContain(part);
    expect(paragraph.replaceAll(/\s+/g, ' ')).toContain(`**Does**: ${severity}, ${action}.`);
  });

  it('are described, and nothing else is', () => {
    const described = [...DOCS.matchAll(/^### (HeadcountRelay\w+)$/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...ALERTS].sort());
  });

  it('read figures that a relay gives', async () => {
    const relay = await startRelay('http://127.0.0.1:9');
    await relay.post('/v1/reports', fullReport());
    await until('it has tried', async () => (await relay.state())['failing_reason'] !== null);
    const { text } = await relay.get('/metrics');
    // It is there once a collector has refused something.
    const used = new Set(RULES.match(/\bheadcount_relay_(?!refused)\w+/g));
    expect(used.size).toBeGreaterThan(5);
    for (const name of used) expect(text).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  });
});
