import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { safeName } from '../../src/project/safe-name.js';

const name = (project: string) =>
  safeName(project, (text) => createHash('sha256').update(text).digest('hex'));

describe('safeName', () => {
  it.each(['acme', 'acme-cli', 'acme.js', 'a_b-2'])('keeps the plain name %s', (project) => {
    expect(name(project)).toBe(project);
  });

  it.each([
    ['@acme/cli', 'acme-cli'],
    ['../../etc', 'etc'],
    ['CON', 'con'],
    ['con', 'con'],
    ['🙂', 'project'],
    ['a/', 'a'],
  ])('makes %s the name of one folder: %s and a hash', (project, readable) => {
    expect(name(project)).toMatch(/^[a-z0-9][a-z0-9-]*\+[0-9a-f]{12}$/);
    expect(name(project).split('+')[0]).toBe(readable);
  });

  // The folders hold people's IDs: a change here gives every one of them a new one.
  it('never changes', () => {
    expect(name('@acme/cli')).toMatchInlineSnapshot(`"acme-cli+8aa16c0174d2"`);
    expect(name('../../etc')).toMatchInlineSnapshot(`"etc+74ccf3c5b4c1"`);
    expect(name('Acme')).toMatchInlineSnapshot(`"acme+37036cd8f974"`);
  });

  it('keeps names apart that look alike, also where the disk ignores case', () => {
    const projects = ['@acme/cli', 'acme-cli', 'acme/cli', '@ACME/cli', 'Acme-CLI', 'acme cli'];
    expect(new Set(projects.map((project) => name(project).toLowerCase())).size).toBe(6);
  });

  it('keeps a long name short', () => {
    expect(name('x'.repeat(300)).length).toBeLessThan(64);
  });
});
