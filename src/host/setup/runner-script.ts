import type { Platform } from '../../platform/platform.js';

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
 * A script that is named as a test (https://nodejs.org/api/test.html): tape, for example, leaves no
 * other trace in a program that `node` runs.
 */
const TEST_FILE = /^(?:.*[._])?test\.[cm]?[jt]sx?$|\.spec\.[cm]?[jt]sx?$/;

/**
 * The test runner that a main script belongs to, or the script if it is named as a test. An
 * installed program is neither, and no program is a runner because its name is the same.
 */
export function runnerScript(
  script: string,
  { files }: Pick<Platform, 'files'>,
): string | undefined {
  const parts = partsOf(script);
  const owner = packageIn(parts);
  if (Object.hasOwn(PACKAGES, owner)) return owner;
  const name = parts.at(-1) ?? '';
  if (owner === '' && TEST_FILE.test(name)) return name;
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

const partsOf = (path: string): string[] => path.split(/[\\/]/);

/** The innermost installed package that a path is in, or an empty text. */
function packageIn(parts: readonly string[]): string {
  const at = parts.lastIndexOf('node_modules') + 1;
  const [name = '', inner = ''] = at === 0 ? [] : parts.slice(at);
  return name.startsWith('@') ? `${name}/${inner}` : name;
}
