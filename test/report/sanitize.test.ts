import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { OwnNames } from '../../src/platform/platform.js';
import { SANITIZE_LABELS, type SanitizeLabel } from '../../src/report/personal-patterns.js';
import { personalFinder } from '../../src/host/deferred/main.js';
import { findPersonal } from '../../src/report/find-personal.js';
import { createSanitizer } from '../../src/report/sanitizer.js';
import { fakePlatform } from '../support/fake-platform.js';

interface Corpus {
  /** By what is found in them; `any` where one label is as good as another. */
  readonly personal: Readonly<Record<SanitizeLabel | 'any', readonly string[]>>;
  readonly harmless: readonly string[];
}
const corpus = JSON.parse(
  readFileSync(new URL('corpus/sanitize.json', import.meta.url), 'utf8'),
) as Corpus;
const personal = Object.entries(corpus.personal);

const NAMES = { users: ['ada.lovelace', 'Jürgen'], hosts: ['babbage-2.example.org', 'localhost'] };

const finder = (names: OwnNames) =>
  personalFinder(fakePlatform({ system: { ownNames: () => names } }).system);

describe('sanitize', () => {
  it('lets nothing pass that it cannot look at', () => {
    const sanitizer = createSanitizer(() => undefined);
    expect(sanitizer.clean('vite')).toBe('vite');
    expect(sanitizer.clean('/home/ada/app')).toBe('<secret>');
    expect(sanitizer.cleanOwn('vite')).toBe('<secret>');
  });

  it('has a corpus worth the name', () => {
    expect(personal.flatMap(([, texts]) => texts).length).toBeGreaterThanOrEqual(300);
    expect(corpus.harmless.length).toBeGreaterThanOrEqual(300);
    expect(Object.keys(corpus.personal).sort()).toEqual(
      [...Object.keys(SANITIZE_LABELS), 'any'].filter((label) => label !== 'user').sort(),
    );
  });

  it.each(personal)('finds what is personal: %s', (label, texts) => {
    const missed = texts.filter((text) => {
      const found = findPersonal(text);
      return label === 'any' ? found === undefined : found !== label;
    });
    expect(missed).toEqual([]);
  });

  it.each(personal)('finds it in the middle of other words too: %s', (_label, texts) => {
    // A path that begins the text needs no separator before it; in a sentence a blank is one.
    const missed = texts.filter((text) => findPersonal(`see ${text} here`) === undefined);
    expect(missed.length / texts.length).toBeLessThan(0.15);
  });

  it('passes what an app may well declare', () => {
    expect(corpus.harmless.filter((text) => findPersonal(text) !== undefined)).toEqual([]);
  });

  it('tells a version from an address and a number', () => {
    expect(['6.18', '2.3.1', '20.20', '127.0.0'].map(findPersonal)).toEqual(
      Array(4).fill(undefined),
    );
    expect(findPersonal('127.0.0.1')).toBe('address');
    expect(findPersonal('1234567890')).toBe('secret');
  });

  it('takes no time to speak of, whatever it is given', () => {
    const long = [
      'a'.repeat(1e5),
      '%25'.repeat(3e4),
      '/'.repeat(1e5),
      'a.'.repeat(5e4),
      '\u200b'.repeat(1e5),
    ];
    const started = performance.now();
    for (const text of long) findPersonal(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('replaces the whole text by a marker, and counts by what was found', () => {
    const sanitizer = createSanitizer(() => finder(NAMES));
    expect(sanitizer.clean('vite')).toBe('vite');
    expect(sanitizer.clean('/home/ada/app')).toBe('<path>');
    expect(sanitizer.clean('/home/ada/app')).toBe('<path>');
    expect(sanitizer.clean('ada@acme.dev')).toBe('<email>');
    expect(sanitizer.counts).toEqual({ path: 2, email: 1 });
  });

  it.each([
    ['ada.lovelace', 'user'],
    ['built by Ada Lovelace', 'user'],
    ['ADA_LOVELACE', 'user'],
    ['ju\u0308rgen', 'user'], // as macOS writes it
    ['BABBAGE-2', 'host'],
    ['on babbage-2.example.org now', 'host'],
  ])('finds the names of this machine and its user: %s', (text, label) => {
    expect(createSanitizer(() => finder(NAMES)).cleanOwn(text)).toBe(`<${label}>`);
  });

  it.each(['lovelace', 'babbage-27', 'badajoz', 'local', 'Jürgens', ''])(
    'leaves what only begins or ends like them: %s',
    (text) => {
      expect(createSanitizer(() => finder(NAMES)).cleanOwn(text)).toBe(text);
    },
  );

  it('takes no name for one that accounts and machines have by the thousand', () => {
    const common = { users: ['node', 'vscode', 'al', ''], hosts: ['docker-build'] };
    const { cleanOwn } = createSanitizer(() => finder(common));
    for (const word of ['node', 'vscode', 'al', 'docker-build', 'docker']) {
      expect(cleanOwn(word)).toBe(word);
    }
  });
});
