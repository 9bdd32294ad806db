import { ownOnly } from '../own-only.js';
import { isRecord } from '../type-guards.js';
import type { Env, Platform } from '../platform/platform.js';

/** The parts of an app's package.json that Headcount uses. */
export interface App {
  readonly name: string;
  readonly version: string | undefined;
  /** `"headcount": { "endpoint": … }` in the package.json. */
  readonly endpoint: string | undefined;
}

type FindPlatform = Pick<Platform, 'env' | 'files' | 'mainScript' | 'cwd' | 'modulePath'>;

/**
 * Finds the running app: the nearest package.json with a name above the real path of the main
 * script (the symlink of a bin is resolved), or above the given module.
 *
 * @param module - `import.meta.url` or `__filename` of a module of the app
 * @returns `undefined` if there is no such package.json
 */
export function findApp(platform: FindPlatform, module?: string): App | undefined {
  try {
    if (module !== undefined) return nearestApp(platform, platform.modulePath(module));
    if (platform.mainScript === undefined) return undefined; // REPL, -e, --print
    const app = nearestApp(platform, platform.files.realPath(platform.mainScript));
    if (app === undefined) return undefined;
    const launched = launchedScript(app.name, platform.env);
    if (launched === undefined) return app;
    return nearestApp(platform, launched.path ?? `${platform.cwd()}/.`);
  } catch {
    return undefined; // the script was deleted, or a folder cannot be read: no project
  }
}

function nearestApp(platform: FindPlatform, file: string): App | undefined {
  let folder = file;
  for (;;) {
    const end = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\'));
    if (end < 0) return undefined;
    folder = folder.slice(0, end);
    const app = parseApp(platform.files.read(`${folder}/package.json`));
    if (app) return app;
  }
}

/** Skips a package.json without a name: it only sets the module type of its folder. */
function parseApp(text: string | undefined): App | undefined {
  if (text === undefined) return undefined;
  const app = recordOf(JSON.parse(text));
  if (typeof app['name'] !== 'string' || app['name'] === '') return undefined;
  const own = recordOf(app['headcount']);
  return {
    name: app['name'],
    version: typeof app['version'] === 'string' ? app['version'] : undefined,
    endpoint: typeof own['endpoint'] === 'string' ? own['endpoint'] : undefined,
  };
}

const recordOf = (value: unknown): Record<string, unknown> => ownOnly(isRecord(value) ? value : {});

/**
 * Programs that run another program's script as their main script, by package name. If they name
 * that script in an environment variable, it is listed here.
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
 * The script that a launcher runs; `undefined` if the package is not a launcher. Without a `path`,
 * the launcher does not tell, and the project is found from the working folder.
 */
function launchedScript(packageName: string, env: Env): { path?: string } | undefined {
  if (!Object.hasOwn(LAUNCHERS, packageName)) return undefined;
  const variable = ownOnly(LAUNCHERS[packageName] ?? {}).scriptVariable;
  const path = variable === undefined ? undefined : env[variable];
  return path === undefined ? {} : { path };
}
