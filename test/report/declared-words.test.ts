import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import { findPersonal } from '../../src/report/find-personal.js';
import { fakePlatform } from '../support/fake-platform.js';
import { tempFolder } from '../support/temp-folder.js';

type Cases = Readonly<Record<string, readonly string[]>>;
/** Written from knowledge of these formats, without looking at the patterns. No document was read. */
const corpus = JSON.parse(
  readFileSync(new URL('corpus/declared-words.json', import.meta.url), 'utf8'),
) as { readonly personal: Cases; readonly harmless: Cases };
const personal = Object.values(corpus.personal).flat();
const harmless = Object.values(corpus.harmless).flat();

describe('the words of a declaration', () => {
  it('are tried with at least 300 personal and 300 harmless ones, each once', () => {
    expect(new Set(personal).size).toBeGreaterThanOrEqual(300);
    expect(new Set(harmless).size).toBeGreaterThanOrEqual(300);
    expect(personal.filter((text) => harmless.includes(text))).toEqual([]);
  });

  it('are found if they are personal: at most 10 are missed', () => {
    const missed = personal.filter((text) => findPersonal(text) === undefined);
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(10);
  });

  it('pass if they are harmless: at most 2 are replaced', () => {
    const replaced = harmless.filter((text) => findPersonal(text) !== undefined);
    expect(replaced.length, replaced.join('\n')).toBeLessThanOrEqual(2);
  });

  it('do not pass because of the time that they take', () => {
    const parts = [
      'a',
      '1',
      '/',
      'a/',
      '1.',
      'a1',
      'A1b',
      '-',
      ' 1',
      '+1 ',
      '_a1',
      '\\a',
      ':a',
      '@a.',
    ];
    const started = performance.now();
    for (const part of parts) findPersonal(part.repeat(256));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

const EVENTS = {
  build: { description: 'A build.', fields: { bundler: ['vite', '/home/ada/bundler'] } },
  deploy: { description: 'A deployment.', fields: { place: ['staging', 'ada@example.com'] } },
  plain: { description: 'Nothing personal.', fields: { choice: ['opt/out', 'hf-transformers'] } },
};

describe('a declared word that is personal', () => {
  it('is named in status().warnings by its place, and not repeated', () => {
    instances().clear();
    const options = { project: 'acme-cli', events: EVENTS };
    const { warnings } = createHeadcountOn(fakePlatform(), options).status();
    expect(warnings.map(({ reason }) => reason)).toEqual(['personal-word', 'personal-word']);
    const texts = warnings.map(({ text }) => text).join('\n');
    expect(texts).toMatch(
      /events\.build\.fields\.bundler .*path[^]*events\.deploy\.fields\.place .*email/,
    );
    expect(texts).not.toMatch(/ada/);
  });

  it('makes the command manifest refuse, and write nothing', () => {
    const folder = tempFolder('manifest');
    const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
    writeFileSync(join(folder, 'package.json'), '{"name":"acme-cli","version":"1.0.0"}');
    const run = (events: object) => {
      writeFileSync(join(folder, 'events.mjs'), `export const events = ${JSON.stringify(events)};`);
      const env = { PATH: process.env['PATH'], HOME: folder };
      const args = [bin, 'manifest', '--events', 'events.mjs'];
      return spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    };
    const refused = run(EVENTS);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(/events\.build\.fields\.bundler/);
    expect(refused.stderr).toMatch(/Nothing is written/);
    expect(existsSync(join(folder, 'TELEMETRY.md'))).toBe(false);
    expect(run({ plain: EVENTS.plain }).status).toBe(0);
    expect(existsSync(join(folder, 'TELEMETRY.md'))).toBe(true);
  });
});
