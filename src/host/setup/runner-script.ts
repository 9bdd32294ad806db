import type { Files, Platform } from '../../platform/platform.js';
import { isRecord } from '../../type-guards.js';

/** Packages whose command runs tests, and the name of the command if it is another. */
const PACKAGES: Readonly<Record<string, string>> = {
  mocha: 'mocha', // https://github.com/mochajs/mocha: package.json, bin; so are all others
  'ts-mocha': 'ts-mocha',
  'electron-mocha': 'electron-mocha',
  jasmine: 'jasmine',
  jest: 'jest',
  'jest-cli': 'jest',
  vitest: 'vitest',
  tape: 'tape',
  uvu: 'uvu',
  ava: 'ava',
  tap: 'tap',
  '@tapjs/run': 'tap-run',
  playwright: 'playwright',
  '@playwright/test': 'playwright',
  '@hapi/lab': 'lab',
  qunit: 'qunit',
  karma: 'karma',
  testcafe: 'testcafe',
  testem: 'testem',
  cypress: 'cypress',
  '@wdio/cli': 'wdio',
  '@wdio/local-runner': 'wdio',
  '@cucumber/cucumber': 'cucumber-js',
  nightwatch: 'nightwatch',
  codeceptjs: 'codeceptjs',
  borp: 'borp',
  poku: 'poku',
  '@web/test-runner': 'wtr',
  '@stryker-mutator/core': 'stryker',
};

/**
 * A script that is named as a test, or is in a folder of tests. Such are the patterns of
 * https://nodejs.org/api/test.html, and those of Jest, Jasmine and AVA. A test that `node` runs
 * leaves no other trace.
 */
const TEST_FILE = /^(?:(?:.*[._-])?(?:test|spec)s?|test-.*)\.[cm]?[jt]sx?$/;
const TEST_FOLDER = /^(?:(?:test|spec)s?|__tests?__)$/;
/** The folder of tests in TAP, and what a script in it loads if it is a test. */
const TAP_FOLDER = 't';
const TAP_TEST = /['"](?:tape|tap|brittle|zora|(?:node:)?assert|chai)['"/]/;

/**
 * The test runner that a main script belongs to, or the script if it is named as a test. An
 * installed program is neither, and no program is a runner because its name is the same.
 */
export function runnerScript(
  script: string,
  platform: Pick<Platform, 'files' | 'cwd'>,
): string | undefined {
  const { files } = platform;
  const parts = partsOf(script);
  const owner = packageIn(parts);
  if (Object.hasOwn(PACKAGES, owner)) return owner;
  const name = parts.at(-1) ?? '';
  if (owner === '' && isTest(script, platform)) return name;
  const command = name.replace(/\.[cm]?js$/, '');
  if (!Object.values(PACKAGES).includes(command)) return undefined;
  try {
    // A link, as in node_modules/.bin, leads to its package. An app's own script does not.
    const real = packageIn(partsOf(files.realPath(script)));
    return Object.hasOwn(PACKAGES, real) ? real : undefined;
  } catch {
    return undefined; // the script was deleted
  }
}

/** Only the path within the app counts: an app may be installed in a folder named test. */
function isTest(script: string, { files, cwd }: Pick<Platform, 'files' | 'cwd'>): boolean {
  try {
    const app = appOf(script, files) ?? cwd();
    const isInside = partsOf(app).every((part, at) => part === partsOf(script)[at]);
    const parts = partsOf(script).slice(isInside ? partsOf(app).length : -1);
    const name = parts.pop() ?? '';
    const isNamed = TEST_FILE.test(name) || parts.some((part) => TEST_FOLDER.test(part));
    if (isNamed) return !isCommand([...parts, name].join('/'), app, files);
    return parts.includes(TAP_FOLDER) && TAP_TEST.test(files.readAny(script) ?? '');
  } catch {
    return TEST_FILE.test(partsOf(script).at(-1) ?? ''); // a folder cannot be read, or is deleted
  }
}

/** The nearest folder above a script that has a package.json. */
function appOf(script: string, files: Pick<Files, 'stat'>): string | undefined {
  const parts = partsOf(script);
  while (parts.pop() !== undefined && parts.length > 0) {
    const folder = parts.join('/');
    if (files.stat(`${folder}/package.json`)) return folder;
  }
  return undefined;
}

/** Whether the app's package.json names the script as a command, such as speed-test. */
function isCommand(path: string, app: string, files: Pick<Files, 'readAny'>): boolean {
  const manifest: unknown = JSON.parse(files.readAny(`${app}/package.json`) ?? '{}');
  const bin = isRecord(manifest) && Object.hasOwn(manifest, 'bin') ? manifest['bin'] : undefined;
  const commands = isRecord(bin) ? Object.values(bin) : [bin];
  return commands.some((command) => String(command).replace(/^\.\//, '') === path);
}

const partsOf = (path: string): string[] => path.split(/[\\/]/);

/** The innermost installed package that a path is in, or an empty text. */
function packageIn(parts: readonly string[]): string {
  const at = parts.lastIndexOf('node_modules') + 1;
  const [name = '', inner = ''] = at === 0 ? [] : parts.slice(at);
  return name.startsWith('@') ? `${name}/${inner}` : name;
}
