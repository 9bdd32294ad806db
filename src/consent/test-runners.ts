import type { Env, Platform } from '../platform/platform.js';

/**
 * Names a collector that a test has started on this machine. All reports go there, whatever the code
 * says, so a test runner turns nothing off.
 */
export const TEST_COLLECTOR = 'HEADCOUNT_TEST_COLLECTOR';

/**
 * Variables that test runners set for the processes that run tests, with the source of each. To
 * add a runner, add a line here, to `GLOBALS`, or to the table in `host/setup/runner-script.ts`.
 */
const VARIABLES = [
  'VITEST', // https://vitest.dev/guide/migration: process.env.VITEST
  'JEST_WORKER_ID', // https://jestjs.io/docs/environment-variables
  'MOCHA_WORKER_ID', // https://github.com/mochajs/mocha: lib/nodejs/buffered-worker-pool.js
  'NODE_TEST_CONTEXT', // https://github.com/nodejs/node: lib/internal/test_runner/runner.js
  'TAP', // https://github.com/tapjs/tapjs: src/core/src/spawn.ts
  'PLAYWRIGHT_TEST', // https://github.com/microsoft/playwright: packages/playwright/src/program.ts
  'TEST_WORKER_INDEX', // https://playwright.dev/docs/test-parallel#worker-index-and-parallel-index
  'CYPRESS', // https://docs.cypress.io/app/references/changelog#9-1-0
  'WDIO_WORKER_ID', // https://github.com/webdriverio/webdriverio: wdio-local-runner/src/worker.ts
  'CUCUMBER_WORKER_ID', // https://github.com/cucumber/cucumber-js: docs/parallel.md
  'STRYKER_MUTATOR_WORKER', // https://github.com/stryker-mutator/stryker-js: child-process-proxy.ts
  'NYC_CONFIG', // https://github.com/istanbuljs/nyc: bin/nyc.js
];

/** Globals of test runners, with the source of each. Names with a comma count together. */
const GLOBALS = [
  'describe,it', // https://mochajs.org/#bdd
  'suite,test', // https://mochajs.org/#tdd
  'QUnit', // https://github.com/qunitjs/qunit: src/cli/run.js
  'UVU_QUEUE', // https://github.com/lukeed/uvu: src/index.js
  '_labScriptRun', // https://github.com/hapijs/lab: lib/index.js
];

/**
 * The path of every runner in `host/setup/runner-script.ts` contains one of these, as do those of
 * tests. So that other programs need not load that table.
 */
const WORDS =
  '/t/ \\t\\ test spec mocha jasmine jest tap uvu ava lab qunit karma wdio cucumber wright cypress codecept borp poku stryker wtr'.split(
    ' ',
  );

/** The variable that shows that a test runner runs this process, if any. */
export function testRunnerIn(env: Env): string | undefined {
  if (/^test$/i.test(env['NODE_ENV'] ?? '')) return 'NODE_ENV';
  return VARIABLES.find((name) => env[name] !== undefined);
}

/**
 * What shows that a test runner runs this process: a variable, a global, or the main script.
 * Nothing does if the test has its own collector.
 *
 * @param runnerOf - finds the runner that a script belongs to
 */
export function testRunner(
  { env, mainScript: script = '', hasGlobal, usesNodeTest }: Platform,
  runnerOf: (script: string) => string | undefined,
): string | undefined {
  if (env[TEST_COLLECTOR]) return undefined;
  const found = testRunnerIn(env) ?? GLOBALS.find((names) => names.split(',').every(hasGlobal));
  if (found !== undefined || usesNodeTest()) return found ?? 'node:test';
  const end = script.slice(Math.max(0, script.lastIndexOf('node_modules')));
  return WORDS.some((word) => end.includes(word)) ? runnerOf(script) : undefined;
}
