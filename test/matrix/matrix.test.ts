import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, layOut } from './app.js';
import type { Row } from './row.js';
import { ROWS } from './rows.js';

const PAGE = fileURLToPath(new URL('../../docs/runtimes.md', import.meta.url));
const [BEGIN, END] = ['<!-- matrix: begin -->', '<!-- matrix: end -->'];

let app: App;
beforeAll(() => {
  app = layOut();
});
afterAll(() => rmSync(dirname(app.folder), { recursive: true, force: true, maxRetries: 20 }));

const title = ({ name, version }: Row): string => `${name} ${version}`;
const passed = new Set<string>();

describe.concurrent('the package works', () => {
  it.each(ROWS.map((row) => [title(row), row] as const))('%s', async (name, row) => {
    await row.check(app, join(dirname(app.folder), 'homes', name.replaceAll(/[^\w.-]+/g, '-')));
    passed.add(name);
  });
});

it('the table in docs/runtimes.md is what was run', async () => {
  const rows = ROWS.filter((row) => passed.has(title(row))).map(
    ({ name, version, sends }) => `| ${name} | ${version} | ${sends} |`,
  );
  expect(rows).toHaveLength(ROWS.length);
  const head = ['| Runs | Release | A short program’s report leaves by |', '| --- | --- | --- |'];
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  const table = [BEGIN, '', ...head, ...rows, '', END].join('\n');
  const options = await resolveConfig(PAGE);
  const written = await format(`${before}${table}${after}`, { ...options, filepath: PAGE });
  if (page === written) return;
  writeFileSync(PAGE, written);
  throw new Error('docs/runtimes.md was stale, and is written anew: commit it');
});
