import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SETTINGS } from '../data-folder.js';
import { makeFolders } from '../make-folders.js';
import { syncPath } from '../sync-path.js';

/** A file of the data folder besides the databases. */
export interface StoredFile {
  /** Relative to the data folder, with slashes. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** Reads the settings, keys and tokens of a data folder, or others of its files. */
export function readStoredFiles(folder: string, names: readonly string[] = SETTINGS): StoredFile[] {
  return names
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) =>
      statSync(join(folder, name)).isDirectory()
        ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`)
        : [name],
    )
    .filter((path) => !path.endsWith('.draft') && statSync(join(folder, path)).isFile())
    .map((path) => ({ path, bytes: readFileSync(join(folder, path)) }));
}

/** Whether a path is one that {@link readStoredFiles} gives. */
export function isStoredPath(path: string): boolean {
  const [root = '', ...rest] = path.split('/');
  if (!SETTINGS.includes(root) || rest.length > 1) return false;
  return rest.every((name) => name !== '' && name !== '.' && name !== '..');
}

/** Writes files durably, with modes that keep them to their user. */
export function writeStoredFiles(folder: string, files: readonly StoredFile[]): void {
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    makeFolders(dirname(target), 0o700);
    writeFileSync(target, bytes, { mode: 0o600, flag: 'wx' });
    syncPath(target);
    syncPath(dirname(target));
  }
}
