import { appendFile, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hasCode } from '../has-code.js';
import { writeDurably } from '../write-durably.js';
import { erasuresPath } from './erasures-file.js';

/** The folders with backups of a data folder: each gets every deletion. */
export async function readBackupFolders(listPath: string): Promise<string[]> {
  try {
    return (await readFile(listPath, 'utf8')).split('\n').filter(Boolean);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * Adds a folder to the list.
 *
 * @returns Whether it was not on it.
 */
export async function rememberBackupFolder(listPath: string, folder: string): Promise<boolean> {
  const path = resolve(folder);
  if ((await readBackupFolders(listPath)).includes(path)) return false;
  // One append per line, so that two commands at once lose none.
  await appendFile(listPath, `${path}\n`, { mode: 0o600, flush: true });
  return true;
}

/**
 * Takes a folder from the list.
 *
 * @returns Whether it was on it.
 */
export async function forgetBackupFolder(listPath: string, folder: string): Promise<boolean> {
  const path = resolve(folder);
  const folders = await readBackupFolders(listPath);
  if (!folders.includes(path)) return false;
  const left = folders.filter((one) => one !== path);
  await writeDurably(listPath, left.map((one) => `${one}\n`).join(''));
  return true;
}

/**
 * Whether a folder of backups is there: its file of erasures tells it from the empty folder under a
 * volume that is not mounted.
 */
export async function isBackupFolderThere(folder: string): Promise<boolean> {
  try {
    return (await stat(erasuresPath(folder))).isFile();
  } catch {
    // Whatever the reason is, nothing can be kept there now.
    return false;
  }
}
