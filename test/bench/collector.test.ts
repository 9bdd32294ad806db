import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = (name: string) => fileURLToPath(new URL(`../../bench/${name}`, import.meta.url));

it('is what docs/collector-performance.md and docs/collector/sizing.md say', () => {
  const check = [script('collector-doc.mjs'), '--check'];
  const env = { PATH: process.env['PATH'] };
  expect(execFileSync(process.execPath, check, { env, encoding: 'utf8' })).toBe('');
});
