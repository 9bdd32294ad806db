import { describe, expect, it } from 'vitest';
import { HeadcountError, isHeadcountError } from '../src/errors.js';
import { createHeadcountOn } from '../src/headcount.js';
import { resolveOptions } from '../src/host/setup/resolve-options.js';
import { DEFAULTS, type HeadcountOptions } from '../src/options.js';
import { field } from '../src/report/declared-events.js';
import { fileStorage } from '../src/storage/file-storage.js';
import type { Field } from '../src/wire/manifest.js';
import { readStorage } from '../src/storage/read-storage.js';
import { memoryStorage } from '../src/storage/memory-storage.js';
import { fakePlatform } from './support/fake-platform.js';

describe('the options of createHeadcount()', () => {
  it.each<[string, unknown, RegExp]>([
    ['project', '', /1–214 characters/],
    ['project', 'x'.repeat(215), /1–214 characters/],
    ['project', 'a\u0000b', /control characters/],
    ['project', 7, /string/],
    ['project', 'ada@corp.example', /without personal data/],
    ['project', '/home/ada/cli', /without personal data/],
    ['project', '10.20.30.40', /without personal data/],
    ['version', null, /string of 1–64/],
    ['packageJson', {}, /string/],
    ['endpoint', 'stats.acme.dev', /absolute URL/],
    ['endpoint', 'ftp://stats.acme.dev', /an https: URL/],
    ['endpoint', 42, /absolute URL/],
    ['allowInsecure', 'yes', /true or false/],
    ['events', [], /by name/],
    ['storage', {}, /fileStorage\(\)/],
    ['storage', null, /fileStorage\(\)/],
    ['storage', { ...memoryStorage(), outbox: {} }, /fileStorage\(\)/],
    ['disabled', 1, /true or false/],
    ['inTests', 'no', /true or false/],
    ['flushIntervalMs', -1, /whole number of milliseconds/],
    ['flushIntervalMs', 1.5, /whole number/],
    ['flushIntervalMs', Number.NaN, /whole number/],
    ['exitBudgetMs', -1, /whole number of milliseconds, 0–5000/],
    ['exitBudgetMs', 5_001, /0–5000/],
    ['exitBudgetMs', 0.5, /whole number/],
    ['exitBudgetMs', '500', /whole number/],
  ])('refuses %s = %o, naming what was expected and given', (option, given, expected) => {
    const error = thrownBy({ [option]: given });
    expect(error).toMatchObject({
      name: 'HeadcountError',
      code: 'HEADCOUNT_ERR_INVALID_OPTION',
      option,
      given,
    });
    expect(error.expected).toMatch(expected);
    expect(error.message).toContain(`"${option}"`);
    expect(error.message).toContain(error.expected);
  });

  it.each<[string, object, RegExp]>([
    ['events.Not A Name', { 'Not A Name': { description: '' } }, /a-z/],
    ['events.build.description', { build: {} }, /1–300 characters/],
    ['events.build.fields.bundler', { build: { description: 'x', fields: { bundler: [] } } }, /1–/],
  ])('refuses a declaration by the name of its place: %s', (option, events, expected) => {
    const error = thrownBy({ events });
    expect(error).toMatchObject({ code: 'HEADCOUNT_ERR_INVALID_OPTION', option });
    expect(error.expected).toMatch(expected);
  });

  it('refuses plain http to another machine with a code of its own', () => {
    expect(thrownBy({ endpoint: 'http://stats.acme.dev' })).toMatchObject({
      code: 'HEADCOUNT_ERR_INSECURE_ENDPOINT',
      option: 'endpoint',
    });
    expect(() =>
      resolveOptions(
        { endpoint: 'http://stats.acme.dev', allowInsecure: true },
        fakePlatform(),
        (given) => readStorage(given, fakePlatform()),
      ),
    ).not.toThrow();
  });

  it('refuses a password in the endpoint, and does not repeat it', () => {
    const error = thrownBy({ endpoint: 'https://ada:secret@stats.acme.dev' });
    expect(error).toMatchObject({ code: 'HEADCOUNT_ERR_INVALID_OPTION', option: 'endpoint' });
    expect(error.message).toContain('without user and password');
    expect(JSON.stringify([error.message, error])).not.toContain('secret');
  });

  it('refuses an option that does not exist, and names those that do', () => {
    const error = thrownBy({ projct: 'acme' });
    expect(error.code).toBe('HEADCOUNT_ERR_UNKNOWN_OPTION');
    expect(error.message).toMatch(/no option "projct".*project, version/);
  });

  it('refuses options that are no object', () => {
    expect(thrownBy('acme' as HeadcountOptions)).toMatchObject({ option: 'options' });
  });

  it.each([
    ['null', null],
    ['a list', []],
    [
      'an object whose getter throws',
      Object.defineProperty({}, 'project', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
    ],
  ])('refuses %s with an error of its own', (_, options) => {
    expect(thrownBy(options as HeadcountOptions)).toMatchObject({
      code: 'HEADCOUNT_ERR_INVALID_OPTION',
      option: 'options',
    });
  });

  it('tells what is missing in a declaration, whatever its maker was given', () => {
    // The cast: as JavaScript may call it.
    const max = (field.count as unknown as () => Field)();
    const events = { build: { description: 'x', fields: { max } } };
    expect(thrownBy({ events })).toMatchObject({ option: 'events.build.fields.max.max' });
    expect((fileStorage as unknown as (options: null) => object)(null)).toEqual({ kind: 'file' });
  });

  it('takes undefined as left out, fills in the defaults, and freezes the result', () => {
    const resolved = resolveOptions(
      { project: undefined, disabled: undefined } as never,
      fakePlatform(),
      (given) => readStorage(given, fakePlatform()),
    );
    const startup = { description: 'The program was started.', fields: {} };
    const alive = { description: 'The program still runs: about once a day.', fields: {} };
    expect(resolved).toEqual({ ...DEFAULTS, events: { startup, alive } });
    expect(Object.isFrozen(resolved)).toBe(true);
  });

  it('throws its errors from createHeadcount() itself', () => {
    const set = () => createHeadcountOn(fakePlatform(), { project: '' });
    expect(set).toThrow(HeadcountError);
  });

  it('makes errors that are known also when they are of another copy of the package', () => {
    const foreign = Object.assign(new Error('x'), { name: 'HeadcountError', option: 'project' });
    expect(isHeadcountError(foreign)).toBe(true);
    expect(isHeadcountError(thrownBy({ project: '' }))).toBe(true);
    expect(isHeadcountError(new Error('x'))).toBe(false);
  });
});

function thrownBy(options: object): HeadcountError {
  try {
    createHeadcountOn(fakePlatform(), options);
  } catch (error) {
    if (error instanceof HeadcountError) return error;
  }
  throw new Error('nothing was thrown');
}
