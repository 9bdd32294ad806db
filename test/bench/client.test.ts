import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const bench = fileURLToPath(new URL('../../bench/client.mjs', import.meta.url));
const node = /^v(\d+)/.exec(process.version)?.[1];

interface Row {
  readonly label: string;
  readonly metrics: Record<string, unknown>;
}

const anyNumber: unknown = expect.any(Number);
const twoRuns = { runs: 2, median: anyNumber, min: anyNumber, max: anyNumber, p99: anyNumber };

it('measures Headcount against no telemetry, without network, and keeps what it measured', () => {
  const out = join(tempFolder('bench'), 'client.json');
  const sections = 'import,first-track,cli,evaluated,size';
  const options = ['--headcount-only', '--this-node-only', '--pairs', '2', '--sections', sections];
  const printed = execFileSync(process.execPath, [bench, ...options, '--out', out], {
    env: { PATH: process.env['PATH'], HOME: tempFolder('home') },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(printed).toMatch(/^\| headcount +\|/m);
  const results = JSON.parse(readFileSync(out, 'utf8')) as Record<string, { rows: Row[] }>;
  expect(results['import']?.rows).toMatchObject([
    { label: 'one-line package', metrics: { node, way: 'import', importMs: twoRuns } },
    { label: 'headcount', metrics: { node, way: 'import', importMs: twoRuns, overMs: twoRuns } },
    { label: 'one builtin', metrics: { node, way: 'import', importMs: twoRuns } },
    { label: 'one-line package', metrics: { node, way: 'require', importMs: twoRuns } },
    { label: 'headcount', metrics: { node, way: 'require', importMs: twoRuns, overMs: twoRuns } },
  ]);
  expect(results['first-track']?.rows).toMatchObject([
    { label: 'known home', metrics: { node, firstMs: twoRuns } },
    { label: 'fresh home', metrics: { node, firstMs: twoRuns } },
  ]);
  expect(results['cli']?.rows).toMatchObject([
    { label: 'no telemetry', metrics: { node, wallMs: twoRuns } },
    { label: 'headcount', metrics: { node, wallMs: twoRuns, overheadMs: twoRuns } },
  ]);
  expect(results['evaluated']?.rows).toMatchObject([
    { label: 'headcount', metrics: { node, way: 'import' } },
    { label: 'headcount', metrics: { node, way: 'require' } },
  ]);
  for (const { metrics } of results['evaluated']?.rows ?? []) {
    const { importKb, firstTrackKb } = metrics as Record<string, { median: number }>;
    expect(importKb?.median).toBeGreaterThan(1);
    expect(firstTrackKb?.median).toBeGreaterThanOrEqual(importKb?.median ?? Infinity);
  }
  expect(results['size']?.rows).toMatchObject([{ label: 'headcount', metrics: { packages: 1 } }]);
  const promised = printed.split('What is promised')[1] ?? '';
  for (const figure of ['over a one-line package', 'known home', 'fresh home', 'no process']) {
    expect(promised).toMatch(
      new RegExp(`^\\| .*${figure}.* (reached|\\*\\*not reached\\*\\*) \\|$`, 'm'),
    );
  }
}, 60_000);
