import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const bench = fileURLToPath(new URL('../../bench/collector.mjs', import.meta.url));

interface Section {
  readonly rows: readonly { readonly label: string; readonly metrics: Record<string, unknown> }[];
}

/** Runs sections with few users; gives what was printed, and the results. */
async function runQuick(
  ...more: string[]
): Promise<{ printed: string; results: Record<string, Section> }> {
  const out = join(tempFolder('bench'), 'collector.json');
  const options = ['--quick', '--users', '1000,2000', '--undrained', '3000', '--out', out];
  const { stdout } = await promisify(execFile)(process.execPath, [bench, ...options, ...more], {
    env: { PATH: process.env['PATH'], TMPDIR: tempFolder('data') },
    timeout: 230_000,
  });
  const results = JSON.parse(readFileSync(out, 'utf8')) as Record<string, Section>;
  return { printed: stdout, results };
}

/** The rows in which a report was refused. */
const failedOf = (results: Record<string, Section>): string[] =>
  Object.values(results)
    .flatMap((section) => section.rows)
    .filter(({ metrics }) => Number(metrics['failed'] ?? 0) > 0)
    .map(({ label }) => label);

it('measures the collector beside the other designs, and none of them refuses a report', async () => {
  const { printed, results } = await runQuick('--only', 'single,batches,stats');
  expect(printed).toMatch(/^\| 64 connections: Headcount +\| +\d+ \| +\d/m);
  expect(failedOf(results)).toEqual([]);
  for (const name of ['single', 'batches', 'stats']) {
    const rates = results[name]?.rows.map(({ metrics }) => Number(metrics['perSecond'])) ?? [];
    expect([name, rates.length % 3, Math.min(...rates) > 0]).toEqual([name, 0, true]);
  }
});

it('measures the collector over a longer load, after a kill, and on disk', async () => {
  const { results } = await runQuick('--only', 'sustained,restart,storage');
  expect(failedOf(results)).toEqual([]);
  const [, restarted] = results['restart']?.rows ?? [];
  expect(restarted?.metrics['drainedPerSecond']).toBeGreaterThan(0);
  const [onDisk] = results['storage']?.rows ?? [];
  expect(onDisk?.metrics['perUser']).toBeGreaterThan(0);
});

it('measures reports under attack, of which all are taken while /health answers', async () => {
  const { results } = await runQuick('--only', 'attack', '--ours-only');
  const attacked = results['attack']?.rows ?? [];
  expect(attacked.map(({ metrics }) => metrics['healthy'])).toEqual([100, 100, 100, 100]);
  expect(attacked.map(({ metrics }) => metrics['failed'])).toEqual([0, 0, 0, 0]);
});
