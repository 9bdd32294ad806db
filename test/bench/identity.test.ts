import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const script = (name: string) => fileURLToPath(new URL(`../../bench/${name}`, import.meta.url));
const env = { PATH: process.env['PATH'] };

interface Row {
  readonly world: string;
  readonly people: number;
  readonly headcount: Readonly<Record<'total' | 'certain' | 'likely' | 'ephemeral', number>>;
  readonly uuid: number;
}

describe('a count of IDs', () => {
  it('is within 2 % where homes persist, and its band holds the truth everywhere', () => {
    const out = join(tempFolder('identity'), 'identity.json');
    const args = [script('identity.mjs'), '--installs', '1500', '--seed', '7', '--out', out];
    execFileSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const { rows } = JSON.parse(readFileSync(out, 'utf8')) as { rows: Row[] };
    const persist = rows.find(({ world }) => world === 'homes persist');
    const error = Math.abs((persist?.headcount.total ?? 0) / (persist?.people ?? 1) - 1);
    expect(error).toBeLessThan(0.02);
    expect(rows.length).toBeGreaterThan(5);
    for (const { world, people, headcount } of rows) {
      expect([world, headcount.certain <= people]).toEqual([world, true]);
      expect([world, people <= headcount.total]).toEqual([world, true]);
    }
    // It can fail: the same worlds undo a count of UUIDs.
    expect(rows.filter(({ people, uuid }) => Math.abs(uuid / people - 1) > 0.02).length).toBe(
      rows.length,
    );
  });

  it('is what docs/identity.md says', () => {
    const check = [script('identity-doc.mjs'), '--check'];
    expect(execFileSync(process.execPath, check, { env, encoding: 'utf8' })).toBe('');
  });
});
