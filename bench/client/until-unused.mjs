// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until no process has its home in a folder.
 *
 * @param {string} folder
 * @param {number} atMostMs
 * @returns {Promise<boolean>} whether that came about
 */
export async function untilUnused(folder, atMostMs) {
  const deadline = performance.now() + atMostMs;
  while (isUsed(folder)) {
    if (performance.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

/** Where there is no /proc, nobody can tell. @param {string} folder */
function isUsed(folder) {
  if (!existsSync('/proc/self/environ')) return false;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => {
    try {
      const home = /(?:^|\0)HOME=([^\0]*)/.exec(
        readFileSync(`/proc/${pid}/environ`, 'latin1'),
      )?.[1];
      return home === folder || home?.startsWith(`${folder}/`) === true;
    } catch {
      return false; // it has ended, or is another user's
    }
  });
}
