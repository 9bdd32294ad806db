import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hasCode } from '../has-code.js';
import { hasLog } from '../sqlite/database.js';

/**
 * Whether databases are exactly as a collector has closed them: the same files, unchanged since. A
 * copy, or a file that was put in their place, is not.
 *
 * @param mark - The file that {@link markClean} wrote.
 */
export function isClean(mark: string, databases: readonly string[]): boolean {
  try {
    return readFileSync(mark, 'utf8') === stateOf(databases);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * Remembers databases as they were closed, so that the next start need not read every page. On a
 * disk without room it does not: that only costs the next start time.
 */
export function markClean(mark: string, databases: readonly string[]): void {
  const state = stateOf(databases);
  try {
    if (state === undefined) rmSync(mark, { force: true });
    else writeFileSync(mark, state, { mode: 0o600 });
  } catch (error) {
    if (!hasCode(error, 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES')) throw error;
  }
}

/** Describes files so that any change shows; `undefined` if a log belongs to them. */
function stateOf(databases: readonly string[]): string | undefined {
  const states: string[] = [];
  for (const path of databases) {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || hasLog(path)) return undefined;
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    states.push([dev, ino, size, mtimeNs, ctimeNs].join(' '));
  }
  return `${states.join('\n')}\n`;
}
