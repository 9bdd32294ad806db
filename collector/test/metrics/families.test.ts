import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAMILIES, HISTOGRAMS } from '../../src/metrics/families.js';

const PAGE = readFileSync(new URL('../../../docs/collector/metrics.md', import.meta.url), 'utf8');

it('are in the page as they are in the code', () => {
  const rows = PAGE.split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, first = '']) => /^`(headcount|process|nodejs)_/.test(first))
    .map((cells) => cells.slice(1, 5));
  const families = [...FAMILIES, ...HISTOGRAMS.map((one) => ({ ...one, type: 'histogram' }))];
  expect(rows.map(([name]) => name)).toEqual(families.map(({ name }) => `\`${name}\``));
  for (const [at, { name, type, labels, help }] of families.entries()) {
    const named = labels.map((label) => `\`${label}\``).join(', ');
    expect(rows[at]).toEqual([`\`${name}\``, type, named, help]);
  }
});

it('have names with units, and labels of few values alone', () => {
  for (const { name, type, labels } of FAMILIES) {
    expect(name).toMatch(/^(headcount|process|nodejs)_[a-z][a-z\d_]*$/);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    for (const label of labels) {
      expect([
        'project',
        'window',
        'dimension',
        'of',
        'reason',
        'mark',
        'component',
        'warning',
        'file',
        'limit',
        'question',
        'outcome',
        'level',
        'job',
        'class',
        'version',
        'route',
        'condition',
        'severity',
        'resource',
        'durability',
        'status',
        'source',
      ]).toContain(label);
    }
  }
});
