import os from 'node:os';
import path from 'node:path';
import { OUTBOX } from '../../../file-names.js';
import { anyCase } from '../../../platform/any-case.js';
import type { Env, Folders } from '../../../platform/platform.js';

/**
 * The folders of a project on Windows: env-paths' own, except that a roaming profile, which many
 * machines share, has nothing but the user's choice.
 *
 * @returns `undefined` if there is no absolute home folder
 */
export function windowsFolders(safeName: string, env: Env): Folders | undefined {
  const local = appData(env, 'LOCALAPPDATA', 'Local');
  if (local === undefined) return undefined;
  const own = path.win32.join(local, 'headcount');
  const state = path.win32.join(own, 'Data', safeName);
  const roaming = appData(env, 'APPDATA', 'Roaming');
  return {
    config: path.win32.join(own, 'Config', safeName),
    state,
    outbox: path.win32.join(state, OUTBOX),
    ...(roaming !== undefined && {
      choice: path.win32.join(roaming, 'headcount', 'Config', safeName),
    }),
  };
}

function appData(env: Env, variable: string, name: string): string | undefined {
  const folder = absolute(env, anyCase(env, variable));
  if (folder !== undefined) return folder;
  const home = absolute(env, anyCase(env, 'USERPROFILE')) ?? absolute(env, homeFolder());
  return home && path.win32.join(home, 'AppData', name);
}

/**
 * `\data` is on the drive of the working folder, which differs between runs and from the child's:
 * the ID would too.
 */
function absolute(env: Env, folder = ''): string | undefined {
  if (!path.win32.isAbsolute(folder)) return undefined;
  return path.win32.resolve(`${anyCase(env, 'SYSTEMDRIVE') ?? 'C:'}\\`, folder);
}

function homeFolder(): string | undefined {
  try {
    return os.homedir();
  } catch {
    return undefined; // it fails for a path of more than 260 characters
  }
}
