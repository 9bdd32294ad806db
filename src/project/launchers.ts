import type { Env } from '../platform/platform.js';

/**
 * Programs that run somebody else's script as their own main script, by package name. Where they
 * say in the environment what they run, the variable stands here.
 */
const LAUNCHERS: Readonly<Record<string, { readonly scriptVariable?: string }>> = {
  pm2: { scriptVariable: 'pm_exec_path' },
  vitest: {},
  jest: {},
  'jest-cli': {},
  mocha: {},
  tsx: {},
  'ts-node': {},
  npm: {},
  npx: {},
};

/**
 * What a launcher runs; `undefined` where the package is no launcher. Without a `path` the
 * launcher does not say, and the folder it was started in tells the project.
 */
export function launchedScript(packageName: string, env: Env): { path?: string } | undefined {
  if (!Object.hasOwn(LAUNCHERS, packageName)) return undefined;
  const variable = LAUNCHERS[packageName]?.scriptVariable;
  const path = variable === undefined ? undefined : env[variable];
  return path === undefined ? {} : { path };
}
