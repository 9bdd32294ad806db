import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';

/**
 * Whether names in a folder are made to last by flushing it. Windows refuses that (EPERM): its file
 * systems keep a journal of names themselves.
 */
export const FLUSHES_FOLDERS = process.platform !== 'win32';

/** Windows flushes only what is open for writing. */
const FLAGS = process.platform === 'win32' ? 'r+' : 'r';

/** Makes a file's content, or a folder's names, last through a loss of power. */
export function syncPath(path: string): void {
  if (!FLUSHES_FOLDERS && statSync(path).isDirectory()) return;
  const file = openSync(path, FLAGS);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
