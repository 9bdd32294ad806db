import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from './has-code.js';

/**
 * Creates a folder and those above it, one at a time. Node's own `recursive` never returns where a
 * file system answers ENOENT although the parent exists, as /proc does
 * (https://github.com/nodejs/node/issues/31481).
 *
 * @throws The error of the folder that cannot be created.
 */
export function makeFolders(path: string, mode: number): void {
  const missing: string[] = [];
  for (let folder = path; !isFolder(folder); folder = dirname(folder)) {
    missing.push(folder);
    if (dirname(folder) === folder) break;
  }
  for (const folder of missing.reverse()) make(folder, mode);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

function make(folder: string, mode: number): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    // Another process may have made it in between.
    if (!hasCode(error, 'EEXIST') || !isFolder(folder)) throw error;
  }
}
