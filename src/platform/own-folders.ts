import fs from 'node:fs';
import process from 'node:process';
import type { Files } from './platform.js';

/** Keeps Headcount out of folders that belong to somebody else. See {@link Files}. */
export interface OwnFolders extends Pick<Files, 'guard'> {
  /** See {@link Files.check}. Returns false if the folder is known to be missing. */
  readonly check: (folder: string) => boolean;
}

/** The bits of a mode that tell what it is, inode(7), and who else may write to it. */
const KIND_AND_OTHERS = 0o170022;
const OWN_FOLDER = 0o040000;
const KIND = 0o170000;
const FILE = 0o100000;
/** Added to a path, it follows a link: a user may have moved that folder to another disk. */
const FOLLOWED = '/.';

/** `undefined` on Windows, where the rights of a user's folders protect what is in them. */
export const effectiveUser = (): number | undefined => process.geteuid?.();

/** An error like those of the system. */
export const codedError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });

/** As if the system itself had refused: callers do without the file. */
export const refused = (path: string): Error =>
  codedError('EACCES', `${path} does not belong to this user alone`);

/** The folder of a file. Shorter than the path, so that a loop ends. */
export const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));

/** See {@link OwnFolders}. */
export function ownFolders(): OwnFolders {
  /** Folders of Headcount's, with the user's home folder unless the app has named them. */
  const guarded = new Map<string, string | undefined>();
  /** The user who was found to own a folder. A program may change its user meanwhile. */
  const owners = new Map<string, number>();
  /** The guarded folder that a folder is, or is in: an outbox is two levels below one. */
  function guardedAbove(folder: string): string | undefined {
    let path = folder;
    for (let level = 0; level < 4; level += 1, path = folderOf(path)) {
      if (guarded.has(path)) return path;
    }
    return undefined;
  }
  return {
    guard({ config, state, home }) {
      guarded.set(config, home).set(state, home);
    },
    check(folder) {
      const user = effectiveUser();
      if (user === undefined || owners.get(folder) === user) return true;
      const own = guardedAbove(folder) ?? folder;
      const home = guarded.get(own);
      const base = folderOf(home === undefined ? own : folderOf(own));
      const paths = home === undefined ? [] : [base + FOLLOWED];
      if (home !== undefined && base.startsWith(`${home}/`)) paths.push(home + FOLLOWED);
      for (let path = folder; path.length > base.length; path = folderOf(path)) paths.push(path);
      let isComplete = true;
      for (const path of paths) {
        if (owners.get(path) === user) continue;
        if (isThere(path, user)) owners.set(path, user);
        else isComplete = false;
      }
      return isComplete;
    },
  };
}

/** Throws for a folder of another user, and for one of Headcount's that others may write to. */
function isThere(path: string, user: number): boolean {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!found) return false;
  const isAbove = path.endsWith(FOLLOWED);
  if ((found.mode & KIND) === FILE) throw codedError('ENOTDIR', `${path} is not a folder`);
  const isAlone = isAbove || (found.mode & KIND_AND_OTHERS) === OWN_FOLDER;
  if (isAlone && found.uid === user) return true;
  throw refused(isAbove ? folderOf(path) : path);
}
