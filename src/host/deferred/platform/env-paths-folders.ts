import os from 'node:os';
import path from 'node:path';
import type EnvPaths from 'env-paths';
import { OUTBOX } from '../../../file-names.js';
import type { Folders } from '../../../platform/platform.js';

declare const require: (name: 'env-paths') => { readonly default: typeof EnvPaths };

/**
 * The folders of a project by env-paths: the ID and the user's choice in the config folder, the
 * outbox in the data folder (a cache may be wiped at any time).
 *
 * @returns `undefined` where there is no absolute home to put them in
 */
export function envPathsFolders(safeName: string): Folders | undefined {
  try {
    // Required here, not imported above: env-paths asks for the home folder when it is loaded, and
    // that throws for a user without one. The build inlines it; no require is left at run time.
    const { default: envPaths } = require('env-paths');
    const paths = envPaths('headcount', { suffix: '' });
    const config = absolute(paths.config, '.config');
    const data = absolute(paths.data, path.join('.local', 'share'));
    if (config === undefined || data === undefined) return undefined;
    return {
      config: path.join(config, safeName),
      state: path.join(data, safeName),
      outbox: path.join(data, safeName, OUTBOX),
    };
  } catch {
    return undefined; // no home: the caller keeps everything in memory
  }
}

/** A relative XDG folder is to be ignored, says the XDG Base Directory Specification, "Basics". */
function absolute(folder: string, underHome: string): string | undefined {
  if (path.isAbsolute(folder)) return folder;
  const home = os.homedir();
  return path.isAbsolute(home) ? path.join(home, underHome, 'headcount') : undefined;
}
