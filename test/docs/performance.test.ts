import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../bench/client-doc.mjs', import.meta.url));

it('docs/performance.md says what bench/results/client.json says', () => {
  const env = { PATH: process.env['PATH'] };
  expect(execFileSync(process.execPath, [script, '--check'], { env, encoding: 'utf8' })).toBe('');
});
