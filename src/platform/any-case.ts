import type { Env } from './platform.js';

/**
 * A variable, whatever the case of its name. `process.env` does that on Windows, but not in a
 * thread that has a copy.
 */
export const anyCase = (env: Env, name: string): string | undefined =>
  env[name] ?? Object.entries(env).find(([other]) => other.toUpperCase() === name)?.[1];

/** The same variables, and each under its name in upper case too. */
export const withUpperCase = (env: Env): Env => ({
  ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name.toUpperCase(), value])),
  ...env,
});
