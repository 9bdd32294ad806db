// @ts-check
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

const repo = fileURLToPath(new URL('../', import.meta.url));

/**
 * Installs the tarball that would be published into a project of its own. Needs no network: it has
 * no dependency.
 *
 * @param {string} folder
 * @param {string} home
 */
export function installHeadcount(folder, home) {
  if (!existsSync(join(repo, 'dist/sender.cjs'))) throw new Error('no dist: npm run build first');
  mkdirSync(folder, { recursive: true });
  const output = npm(['pack', '--json', '--pack-destination', folder], { cwd: repo, home });
  const [packed] = JSON.parse(output);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', private: true }));
  npm(['install', '--offline', '--omit=dev', `./${packed.filename}`], { cwd: folder, home });
}
