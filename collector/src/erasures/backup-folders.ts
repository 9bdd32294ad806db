import { appendFileSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasCode } from '../has-code.js';
import { syncPath } from '../sync-path.js';
import { erasuresPath } from './erasures-file.js';

/** The folders with backups of a data folder: each gets every deletion. */
export function readBackupFolders(listPath: string): string[] {
  try {
    return readFileSync(listPath, 'utf8').split('\n').filter(Boolean);
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
export function rememberBackupFolder(listPath: string, folder: string): boolean {
  const path = resolve(folder);
  if (readBackupFolders(listPath).includes(path)) return false;
  // One append per line, so that two commands at once lose none.
  appendFileSync(listPath, `${path}\n`, { mode: 0o600 });
  syncPath(listPath);
  return true;
}

/**
 * Takes a folder from the list.
 *
 * @returns Whether it was on it.
 */
export function forgetBackupFolder(listPath: string, folder: string): boolean {
  const path = resolve(folder);
  const folders = readBackupFolders(listPath);
  if (!folders.includes(path)) return false;
  const left = folders.filter((one) => one !== path);
  const draft = `${listPath}.${process.pid}.draft`;
  writeFileSync(draft, left.map((one) => `${one}\n`).join(''), { mode: 0o600 });
  syncPath(draft);
  renameSync(draft, listPath);
  return true;
}

/**
 * Whether a folder of backups is there: its file of erasures tells it from the empty folder under a
 * volume that is not mounted.
 */
export function isBackupFolderThere(folder: string): boolean {
  try {
    return statSync(erasuresPath(folder)).isFile();
  } catch {
    // Whatever the reason is, nothing can be kept there now.
    return false;
  }
}
