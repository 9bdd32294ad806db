import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const bench = fileURLToPath(new URL('../../bench/collector.mjs', import.meta.url));

interface Section {
  readonly rows: readonly { readonly label: string; readonly metrics: Record<string, unknown> }[];
}

it('measures the collector beside the other designs, and none of them refuses a report', () => {
  const out = join(tempFolder('bench'), 'collector.json');
  const options = ['--quick', '--users', '1000,2000', '--undrained', '3000', '--out', out];
  const printed = execFileSync(process.execPath, [bench, ...options], {
    env: { PATH: process.env['PATH'], TMPDIR: tempFolder('data') },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 110_000,
  });
  expect(printed).toMatch(/^\| 64 connections: Headcount +\| +\d+ \| +\d/m);
  const results = JSON.parse(readFileSync(out, 'utf8')) as Record<string, Section>;
  const rows = Object.values(results).flatMap((section) => section.rows);
  const failed = rows.filter(({ metrics }) => Number(metrics['failed'] ?? 0) > 0);
  expect(failed.map(({ label }) => label)).toEqual([]);
  for (const name of ['single', 'batches', 'stats']) {
    const rates = results[name]?.rows.map(({ metrics }) => Number(metrics['perSecond'])) ?? [];
    expect([name, rates.length % 3, Math.min(...rates) > 0]).toEqual([name, 0, true]);
  }
  const [, restarted] = results['restart']?.rows ?? [];
  expect(restarted?.metrics['drainedPerSecond']).toBeGreaterThan(0);
  const attacked = results['attack']?.rows ?? [];
  expect(attacked.map(({ metrics }) => metrics['healthy'])).toEqual([100, 100, 100, 100]);
  const [onDisk] = results['storage']?.rows ?? [];
  expect(onDisk?.metrics['perUser']).toBeGreaterThan(0);
});
