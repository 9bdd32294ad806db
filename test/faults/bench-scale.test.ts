import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const bench = fileURLToPath(new URL('../../bench/scale.mjs', import.meta.url));

type Results = Record<
  string,
  { readonly rows: readonly { readonly metrics: Record<string, unknown> }[] }
>;

it('measures both stores, and counts all that came while PostgreSQL was away', async () => {
  const out = join(tempFolder('bench'), 'scale.json');
  const size = ['--quick', '--users', '1000', '--backlog', '1500', '--only', 'space,outage'];
  const { stdout } = await promisify(execFile)(process.execPath, [bench, ...size, '--out', out], {
    env: { PATH: process.env['PATH'] },
    timeout: 230_000,
  });
  expect(stdout).toMatch(/^\| a person, bytes +\| +\d[\d.]* \| +\d/m);
  const results = JSON.parse(readFileSync(out, 'utf8')) as Results;
  expect(results['outage']?.rows[0]?.metrics['drainedMs']).toBeGreaterThan(0);
});
