import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type EnvPaths from 'env-paths';
import { OUTBOX } from '../../../file-names.js';
import type { Patience } from '../../../platform/patiently.js';
import type { Folders } from '../../../platform/platform.js';
import { hostPatience } from './host-patience.js';
import { windowsFolders } from './windows-folders.js';

declare const require: (name: 'env-paths') => { readonly default: typeof EnvPaths };

/**
 * The folders of a project, by env-paths except on Windows. The ID and the user's choice are in the config folder,
 * and the outbox is in the data folder, because systems may delete caches.
 *
 * @param patience - the host's: on Windows, other programs hold files
 * @returns `undefined` if there is no absolute home folder
 */
export function envPathsFolders(safeName: string, patience: Patience): Folders | undefined {
  if (process.platform === 'win32') {
    Object.assign(patience, hostPatience);
    return windowsFolders(safeName, process.env);
  }
  try {
    // Required here, because env-paths reads the home folder when it is loaded, which throws for a
    // user without one. The build inlines it; there is no require at run time.
    const { default: envPaths } = require('env-paths');
    const paths = envPaths('headcount', { suffix: '' });
    const config = absolute(paths.config, '.config');
    const data = absolute(paths.data, path.join('.local', 'share'));
    if (config === undefined || data === undefined) return undefined;
    return {
      home: path.resolve(os.homedir()),
      config: path.join(config, safeName),
      state: path.join(data, safeName),
      outbox: path.join(data, safeName, OUTBOX),
    };
  } catch {
    return undefined; // no home folder: the caller keeps everything in memory
  }
}

/** The XDG Base Directory Specification, "Basics", says that relative folders must be ignored. */
function absolute(folder: string, underHome: string): string | undefined {
  if (path.isAbsolute(folder)) return folder;
  const home = os.homedir();
  return path.isAbsolute(home) ? path.join(home, underHome, 'headcount') : undefined;
}
