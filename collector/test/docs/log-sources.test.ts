import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LOG_SOURCES } from '../../src/logs/log-sources.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const page = readFileSync(at('docs/collector/logs.md'), 'utf8');

it('lists the sources of the log, each once', () => {
  const table = /^\| Source[^]*?\n\n/m.exec(page)?.[0] ?? '';
  const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, source]) => source);
  expect(listed.sort()).toEqual([...LOG_SOURCES].sort());
});

it('has a part of the collector for each source', () => {
  const root = at('collector/src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const code = files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n');
  const used = [...code.matchAll(/logOf\('(\w+)'\)|source: '(\w+)' satisfies LogSource/g)];
  expect([...new Set(used.map(([, a, b]) => a ?? b))].sort()).toEqual([...LOG_SOURCES].sort());
});
