import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const bench = fileURLToPath(new URL('../../bench/client.mjs', import.meta.url));

interface Row {
  readonly label: string;
  readonly metrics: Record<string, unknown>;
}

it('measures Headcount against no telemetry, without network, and keeps what it measured', () => {
  const out = join(tempFolder('bench'), 'client.json');
  const options = ['--headcount-only', '--pairs', '1', '--only', 'import,size'];
  const printed = execFileSync(process.execPath, [bench, ...options, '--out', out], {
    env: { PATH: process.env['PATH'], HOME: tempFolder('home') },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(printed).toMatch(/^\| headcount +\|/m);
  const results = JSON.parse(readFileSync(out, 'utf8')) as Record<string, { rows: Row[] }>;
  expect(results['import']?.rows).toMatchObject([
    { label: 'no telemetry', metrics: { importMs: { runs: 1 } } },
    { label: 'headcount', metrics: { importMs: { runs: 1 } } },
  ]);
  expect(results['size']?.rows).toMatchObject([{ label: 'headcount', metrics: { packages: 1 } }]);
});
