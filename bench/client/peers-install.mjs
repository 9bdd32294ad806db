// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

export const peersFolder = fileURLToPath(new URL('./peers', import.meta.url));

/**
 * Installs the peers where their lock file stands, unless they are there already.
 *
 * @param {string} home
 * @param {(text: string) => void} progress
 */
export function installPeers(home, progress) {
  if (isInstalled()) return;
  progress('installing the peers into bench/peers');
  npm(['ci'], { cwd: peersFolder, home });
}

/** Whether every package of the lock file is there, in its version. */
function isInstalled() {
  const installed = join(peersFolder, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const { packages } = JSON.parse(readFileSync(join(peersFolder, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).every(
    ([path, { version }]) => path === '' || present[path]?.version === version,
  );
}
