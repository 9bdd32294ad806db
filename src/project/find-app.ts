import type { Platform } from '../platform/platform.js';
import { launchedScript } from './launchers.js';

/** What an app's package.json says that matters here. */
export interface App {
  readonly name: string;
  readonly version: string | undefined;
  /** `"headcount": { "endpoint": … }` in the package.json. */
  readonly endpoint: string | undefined;
}

type FindPlatform = Pick<Platform, 'env' | 'files' | 'mainScript' | 'cwd' | 'modulePath'>;

/**
 * The app that runs: the nearest package.json with a name above the real path of the main script
 * (a bin's symlink is resolved), or above a module of the app's own where one is given.
 *
 * @param module - `import.meta.url` or `__filename` of a module of the app
 * @returns `undefined` where there is no such package.json
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
    return undefined; // a script that was deleted, a folder that may not be read: no project
  }
}

function nearestApp(platform: FindPlatform, file: string): App | undefined {
  for (const folder of foldersAbove(file)) {
    const app = parseApp(platform.files.read(`${folder}/package.json`));
    if (app) return app;
  }
  return undefined;
}

function* foldersAbove(file: string): Generator<string> {
  for (let rest = file; ;) {
    const end = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\'));
    if (end < 0) return;
    rest = rest.slice(0, end);
    yield rest;
  }
}

/** A package.json without a name only sets the module type of a folder, and is passed by. */
function parseApp(text: string | undefined): App | undefined {
  if (text === undefined) return undefined;
  const json = JSON.parse(text) as unknown;
  if (!isRecord(json) || typeof json['name'] !== 'string' || json['name'] === '') return undefined;
  const own = isRecord(json['headcount']) ? json['headcount'] : {};
  return {
    name: json['name'],
    version: typeof json['version'] === 'string' ? json['version'] : undefined,
    endpoint: typeof own['endpoint'] === 'string' ? own['endpoint'] : undefined,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
