import { expect, it } from 'vitest';
import { describeAlertRules, readDocs, readRules } from '../support/describe-alert-rules.js';

const RULES = 'prometheus/several-nodes.yml';

describeAlertRules(
  'the rules for several collectors',
  RULES,
  'prometheus/several-nodes-test.yml',
  'several-nodes.md',
);

it('the rules for several collectors read figures that a collector gives', () => {
  const used = new Set(readRules(RULES).match(/\bheadcount_\w+/g));
  expect(used.size).toBeGreaterThan(4);
  // That each of this table is given is tested beside it.
  for (const name of used) expect(readDocs('metrics.md')).toContain(`| \`${name}\``);
});
