import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../bench/scale-doc.mjs', import.meta.url));

it('docs/scale.md says what bench/results/scale.json says', () => {
  const env = { PATH: process.env['PATH'] };
  expect(execFileSync(process.execPath, [script, '--check'], { env, encoding: 'utf8' })).toBe('');
});
