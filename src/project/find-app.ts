import { ownOnly } from '../own-only.js';
import { isRecord } from '../type-guards.js';
import type { Platform } from '../platform/platform.js';
import { LAUNCHERS } from './launchers.js';

/** The parts of an app's package.json that Headcount uses. */
export interface App {
  readonly name: string;
  readonly version: string | undefined;
  /** `"headcount": { "endpoint": … }` in the package.json. */
  readonly endpoint: string | undefined;
  /** The real path of the script or module that it was found by. */
  readonly file: string;
}

type FindPlatform = Pick<Platform, 'env' | 'files' | 'mainScript' | 'cwd'>;

/**
 * Finds the running app: the nearest package.json with a name above the real path of the main
 * script (the symlink of a bin is resolved), or above the given module. A launcher is not the app:
 * the working folder's package.json names it.
 *
 * @param module - the path of a module of the app, if it is known
 * @returns `undefined` if there is no such package.json
 */
export function findApp(platform: FindPlatform, module?: string): App | undefined {
  try {
    if (module !== undefined) return nearestApp(platform, module);
    if (platform.mainScript === undefined) return undefined; // REPL, -e, --print
    const app = nearestApp(platform, platform.files.realPath(platform.mainScript));
    if (!app || !LAUNCHERS.includes(`\n${app.name.replace(/\/.*/, '/')}\n`)) return app;
    return nearestApp(platform, launchedScript(app.name, platform));
  } catch {
    return undefined; // the script was deleted, or a folder cannot be read: no project
  }
}

const isSlash = (character?: string): boolean => character === '/' || character === '\\';
/** A Windows path without a share or a drive, such as `\\server` or `\\?\UNC\server`. */
const SERVER = /^[\\/]{2}([?.][\\/]UNC[\\/])?[^\\/]*$/i;

function nearestApp(platform: FindPlatform, file: string): App | undefined {
  let folder = file;
  for (;;) {
    const end = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\'));
    if (end < 0) return undefined;
    folder = folder.slice(0, end);
    // A file of `\\server` would be asked for over the network.
    if (isSlash(folder[1]) && SERVER.test(folder)) return undefined;
    const app = parseApp(file, platform.files.readAny(`${folder}/package.json`));
    if (app) return app;
  }
}

/** Skips a package.json without a name: it only sets the module type of its folder. */
function parseApp(file: string, text: string | undefined): App | undefined {
  if (text === undefined) return undefined;
  const app = recordOf(JSON.parse(text));
  if (typeof app['name'] !== 'string' || app['name'] === '') return undefined;
  const own = recordOf(app['headcount']);
  return {
    file,
    name: app['name'],
    version: typeof app['version'] === 'string' ? app['version'] : undefined,
    endpoint: typeof own['endpoint'] === 'string' ? own['endpoint'] : undefined,
  };
}

const recordOf = (value: unknown): Record<string, unknown> => ownOnly(isRecord(value) ? value : {});

/** The script that a launcher runs, if it tells it, or else a file in the working folder. */
const launchedScript = (launcher: string, { env, cwd }: FindPlatform): string =>
  (launcher === 'pm2' ? env['pm_exec_path'] : undefined) ?? `${cwd()}/.`;
