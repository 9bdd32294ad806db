import type { Env } from '../platform/platform.js';

/** Whether a variable has a value that counts as set. */
function isSet(env: Env, name: string): boolean {
  const value = env[name];
  if (value === undefined || value === '') return false;
  const word = value.trim().toLowerCase();
  return word !== '' && word !== '0' && word !== 'false' && word !== 'off' && word !== 'no';
}

/**
 * The variable that turns off one project. The name is in upper case, each run of other characters
 * becomes one `_`, `_` at both ends is removed, and `APP_` precedes a leading digit.
 *
 * @example
 * projectVariable('@acme/cli'); //=> 'ACME_CLI_TELEMETRY_DISABLED'
 * projectVariable('7zip'); //=> 'APP_7ZIP_TELEMETRY_DISABLED'
 */
export function projectVariable(project: string): string {
  const upper = project.toUpperCase();
  let name = '';
  for (let at = 0; at < upper.length; at += 1) {
    const code = upper.charCodeAt(at);
    const isPlain = (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
    if (isPlain) name += upper[at];
    else if (name !== '' && !name.endsWith('_')) name += '_';
  }
  if (name.endsWith('_')) name = name.slice(0, -1);
  const startsWithDigit = name !== '' && name.charCodeAt(0) <= 0x39;
  return `${startsWithDigit ? 'APP_' : ''}${name}_TELEMETRY_DISABLED`;
}

/** The variables by project, cached because every report checks consent. */
const variables = new Map<string, string>();

/** The first set variable that turns telemetry off, if any. */
export function disablingVariable(env: Env, project: string): string | undefined {
  if (isSet(env, 'DO_NOT_TRACK')) return 'DO_NOT_TRACK';
  if (isSet(env, 'HEADCOUNT_DISABLED')) return 'HEADCOUNT_DISABLED';
  let own = variables.get(project);
  if (own === undefined) variables.set(project, (own = projectVariable(project)));
  return isSet(env, own) ? own : undefined;
}
