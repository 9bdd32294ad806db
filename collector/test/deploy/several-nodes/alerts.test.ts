import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deployFile } from '../support/deploy-file.js';

const RULES = readFileSync(deployFile('prometheus/several-nodes.yml'), 'utf8');
const CASES = readFileSync(deployFile('prometheus/several-nodes-test.yml'), 'utf8');
const DOCS_FOLDER = new URL('../../../../docs/collector/', import.meta.url);
const DOCS = readFileSync(new URL('several-nodes.md', DOCS_FOLDER), 'utf8');
const METRICS = readFileSync(new URL('metrics.md', DOCS_FOLDER), 'utf8');
const ALERTS = [...RULES.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

const promtool = (...args: readonly string[]): string =>
  execFileSync('promtool', args, { cwd: deployFile('prometheus'), encoding: 'utf8' });

describe('the rules for several collectors', () => {
  it('are valid, and fire where they should, and only there', () => {
    promtool('check', 'rules', 'several-nodes.yml');
    expect(promtool('test', 'rules', 'several-nodes-test.yml')).toContain('SUCCESS');
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
    expect(rule).toContain(`docs/collector/several-nodes.md#${alert.toLowerCase()}'`);
    const paragraph = (DOCS.split(`### ${alert}\n`)[1] ?? '').split('\n#')[0] ?? '';
    for (const part of ['**Means**:', '**Check**:', '**Fix**:']) expect(paragraph).toContain(part);
    expect(paragraph.replaceAll(/\s+/g, ' ')).toContain(`**Does**: ${severity}, ${action}.`);
  });

  it('are described, and nothing else is', () => {
    const described = [...DOCS.matchAll(/^### (Headcount\w+)$/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...ALERTS].sort());
  });

  it('read figures that a collector gives', () => {
    const used = new Set(RULES.match(/\bheadcount_\w+/g));
    expect(used.size).toBeGreaterThan(4);
    // That each of this table is given is tested beside it.
    for (const name of used) expect(METRICS).toContain(`| \`${name}\``);
  });
});
