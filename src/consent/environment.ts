import type { Env } from '../platform/platform.js';

const NOT_SET = new Set(['', '0', 'false', 'off', 'no']);

/** Whether a variable has a value that means yes. */
const isSet = (env: Env, name: string): boolean => {
  const value = env[name];
  return value !== undefined && !NOT_SET.has(value.trim().toLowerCase());
};

/**
 * The variable that turns one project off: upper case, runs of other characters one `_`, outer
 * ones trimmed, `APP_` before a digit.
 *
 * @example
 * projectVariable('@acme/cli'); //=> 'ACME_CLI_TELEMETRY_DISABLED'
 * projectVariable('7zip'); //=> 'APP_7ZIP_TELEMETRY_DISABLED'
 */
export function projectVariable(project: string): string {
  const name = project
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return `${/^\d/.test(name) ? 'APP_' : ''}${name}_TELEMETRY_DISABLED`;
}

/** By project: consent is asked for with every report. */
const variables = new Map<string, readonly string[]>();

function disablingVariables(project: string): readonly string[] {
  let names = variables.get(project);
  if (!names) {
    names = ['DO_NOT_TRACK', 'HEADCOUNT_DISABLED', projectVariable(project)];
    variables.set(project, names);
  }
  return names;
}

/** The first of the variables that turn telemetry off which is set, if any is. */
export function disablingVariable(env: Env, project: string): string | undefined {
  return disablingVariables(project).find((name) => isSet(env, name));
}

const RUNNER_VARIABLES = ['VITEST', 'JEST_WORKER_ID', 'MOCHA_WORKER_ID', 'NODE_TEST_CONTEXT'];

/** What tells that a test runner runs this process, if anything does. */
export function testRunner(env: Env): string | undefined {
  if (env['NODE_ENV'] === 'test') return 'NODE_ENV';
  return RUNNER_VARIABLES.find((name) => env[name] !== undefined);
}
