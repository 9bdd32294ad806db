import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deployFile } from './deploy-file.js';

const DOCS_FOLDER = new URL('../../../../docs/collector/', import.meta.url);

/** Reads a page of the documents on collectors. */
export const readDocs = (page: string): string => readFileSync(new URL(page, DOCS_FOLDER), 'utf8');

/** Reads a file of rules of Prometheus. */
export const readRules = (file: string): string => readFileSync(deployFile(file), 'utf8');

const promtool = (...args: readonly string[]): string =>
  execFileSync('promtool', args, { encoding: 'utf8' });

/**
 * Tests that rules fire where they should, and that a page of the documents says what to do.
 *
 * @param what - What they are for.
 * @param rulesFile - Of the rules, in `collector/deploy`.
 * @param casesFile - Of the cases that promtool tries them by, in `collector/deploy`.
 */
export function describeAlertRules(
  what: string,
  rulesFile: string,
  casesFile: string,
  page: string,
): void {
  const rules = readRules(rulesFile);
  const cases = readRules(casesFile);
  const docs = readDocs(page);
  const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, alert = '']) => alert);

  describe(what, () => {
    it('are valid, and fire where they should, and only there', () => {
      promtool('check', 'rules', deployFile(rulesFile));
      expect(promtool('test', 'rules', deployFile(casesFile))).toContain('SUCCESS');
    });

    it.each(alerts)('try %s above and below', (alert) => {
      const groups = cases.split('- name: ').filter((group) => group.includes(`"${alert}"`));
      const results = groups.map((group) => /value: (\d)/.exec(group)?.[1]);
      expect(results.sort()).toEqual(['0', '1']);
    });

    it.each(alerts)('say of %s how bad it is, what is done, and where it is described', (alert) => {
      const rule = rules.split('- alert: ').find((one) => one.startsWith(`${alert}\n`)) ?? '';
      const severity = /severity: (\w+)/.exec(rule)?.[1];
      const action = /action: (\w+)/.exec(rule)?.[1];
      expect(rule).toContain(`docs/collector/${page}#${alert.toLowerCase()}'`);
      const paragraph = (docs.split(`### ${alert}\n`)[1] ?? '').split('\n#')[0] ?? '';
      for (const part of ['**Means**:', '**Check**:', '**Fix**:']) {
        expect(paragraph).toContain(part);
      }
      expect(paragraph.replaceAll(/\s+/g, ' ')).toContain(`**Does**: ${severity}, ${action}.`);
    });

    it('are described, and nothing else is', () => {
      const described = [...docs.matchAll(/^### (Headcount\w+)$/gm)].map(([, alert]) => alert);
      expect(described.sort()).toEqual([...alerts].sort());
    });
  });
}
