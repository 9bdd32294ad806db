import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/cli/exit-codes.js';
import { CHECK_HELP } from '../../src/check/check-arguments.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { REASONS } from '../../src/cli/reasons.js';
import { DROP_REASONS, FIELD_DROP_REASONS } from '../../src/drop-reasons.js';
import { ERROR_CODES, HeadcountError } from '../../src/errors.js';
import { createHeadcountOn } from '../../src/headcount.js';
import { DEFAULTS } from '../../src/options.js';
import { fakePlatform } from '../support/fake-platform.js';
import { field } from '../../src/report/declared-events.js';
import { SANITIZE_LABELS } from '../../src/report/personal-patterns.js';
import { DECLARATION_LIMITS } from '../../src/wire/manifest.js';

/** The cells of every row whose first cell is code, in all tables of a page. */
function rows(page: string): string[][] {
  const text = readFileSync(new URL(`../../docs/reference/${page}.md`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const plain = (cell = ''): string => cell.replaceAll('`', '');

describe('the reference', () => {
  it('has every option, and no other', () => {
    let expected = '';
    try {
      // The cast: an option that does not exist, on purpose.
      createHeadcountOn(fakePlatform(), { nonsense: 1 } as object);
    } catch (error) {
      expected = error instanceof HeadcountError ? error.expected : '';
    }
    const options = expected.replace('one of ', '').split(', ');
    expect(options.length).toBeGreaterThan(10);
    expect(
      rows('options')
        .map(([name]) => plain(name))
        .sort(),
    ).toEqual(options.sort());
  });

  it('has the limits of every option that has some, as its error tells them', () => {
    const meanings = new Map(rows('options').map(([name, , what = '']) => [plain(name), what]));
    const broken = { project: '', version: '', command: '', flushIntervalMs: -1, flushAt: 0 };
    const times = { exitUploadIntervalMs: -1, exitBudgetMs: -1 };
    for (const [option, value] of Object.entries({ ...broken, ...times })) {
      let expected = '';
      try {
        createHeadcountOn(fakePlatform(), { [option]: value });
      } catch (error) {
        expected = error instanceof HeadcountError ? error.expected : '';
      }
      const [limits = 'no limits'] = /\d+–\d+/.exec(expected) ?? [];
      expect([option, meanings.get(option)?.replaceAll(/(?<=\d) (?=\d)/g, '')]).toEqual([
        option,
        expect.stringContaining(limits),
      ]);
    }
  });

  it('agrees with the README on options and their defaults', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const cells = (line: string) => line.split('|').map((cell) => plain(cell).trim());
    const [, table = ''] = readme.split('## Options');
    const short = table
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => cells(line))
      .map(([, name, , value = '']) => [name, value.replaceAll('"', '')]);
    const long = rows('options').map(([name, value]) => [
      plain(name),
      plain(value).replaceAll('"', ''),
    ]);
    expect(short).toEqual(long);
  });

  it('has the default of every option that has one', () => {
    const documented = new Map(rows('options').map(([name, value]) => [plain(name), plain(value)]));
    for (const [name, value] of Object.entries(DEFAULTS)) {
      const text = name === 'storage' ? 'fileStorage()' : JSON.stringify(value);
      expect([name, documented.get(name)]).toEqual([name, text]);
    }
  });

  it.each([
    ['drop-reasons', { ...DROP_REASONS, ...FIELD_DROP_REASONS }],
    ['errors', ERROR_CODES],
  ])('has all of %s as the code has them', (page, codes) => {
    expect(rows(page).map(([name, meaning]) => [plain(name), meaning])).toEqual(
      Object.entries(codes),
    );
  });

  it('has every kind of field, and the limits of declarations', () => {
    const sample = {
      array: ['x'],
      boolean: field.boolean(),
      bucket: field.bucket(1),
      semver: field.semver(),
    };
    const kinds = { ...sample, count: field.count({ max: 1 }) };
    const found = rows('events').flatMap(([cell]) => {
      const [, list, name = list] = /^(\[)|^field\.(\w+)\(/.exec(plain(cell)) ?? [];
      return name === undefined ? [] : [name === '[' ? 'array' : name];
    });
    expect(found).toEqual(Object.keys(kinds));
    const page = readFileSync(new URL('../../docs/reference/events.md', import.meta.url), 'utf8');
    const { events, fieldsPerEvent, valuesPerField, valueCharacters } = DECLARATION_LIMITS;
    expect(page).toContain(`At most ${events} events of ${fieldsPerEvent} fields`);
    expect(page).toContain(`${valuesPerField} words of ${valueCharacters} characters`);
  });

  it('has every label of what is cleaned', () => {
    const labels = rows('events').filter(([name]) => Object.hasOwn(SANITIZE_LABELS, plain(name)));
    expect(labels.map(([name, meaning]) => [plain(name), meaning])).toEqual(
      Object.entries(SANITIZE_LABELS),
    );
  });

  it('has every option of check', () => {
    const page = readFileSync(new URL('../../docs/reference/commands.md', import.meta.url), 'utf8');
    const options = [...CHECK_HELP.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = '']) => name);
    expect(options.length).toBeGreaterThan(4);
    const [about = ''] = /- \*\*`check[^]*?\n\n/.exec(page) ?? [];
    expect(options.filter((option) => !about.includes(`\`${option}`))).toEqual([]);
  });

  it('has every command and every exit code', () => {
    const commands = Object.entries(COMMANDS).map(([word, { summary }]) => [word, summary]);
    const found = rows('commands').map(([name, meaning]) => [plain(name), meaning ?? '']);
    expect(found.slice(0, commands.length)).toEqual(commands);
    const codes = found.map(([code]) => Number(code)).filter((code) => !Number.isNaN(code));
    expect(codes).toEqual(Object.values(EXIT_CODES));
    const reasons = found.slice(commands.length).map(([name = '']) => name.split(',')[0] ?? '');
    const known = Object.keys(REASONS).filter((reason) => reason !== 'default');
    const documented = known.map((reason) => reason.replace(/^endpoint-.*/, 'endpoint-…'));
    expect(new Set(reasons.filter((name) => !/^\d+$/.test(name)))).toEqual(new Set(documented));
    const page = readFileSync(new URL('../../docs/reference/commands.md', import.meta.url), 'utf8');
    const source = readFileSync(
      new URL('../../src/cli/parse-arguments.ts', import.meta.url),
      'utf8',
    );
    const options = [...source.matchAll(/^ {2}(\w+): \{ type:/gm)].map(([, name]) => `--${name}`);
    expect(options.length).toBeGreaterThan(5);
    expect(options.filter((option) => !page.includes(`\`${option}`))).toEqual([]);
  });
});
