// @ts-check
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

/** The package of one line. */
export const ONE_LINE = 'one-line';
const repo = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Installs the tarball that would be published into a project of its own, and beside it a package
 * of one line, which shows what finding and reading any package costs. Needs no network: neither
 * has a dependency.
 *
 * @param {string} folder
 * @param {string} home
 */
export function installHeadcount(folder, home) {
  if (!existsSync(join(repo, 'dist/sender.cjs'))) throw new Error('no dist: npm run build first');
  mkdirSync(folder, { recursive: true });
  /** @param {string} packageFolder */
  const pack = (packageFolder) => {
    const args = ['pack', packageFolder, '--json', '--pack-destination', folder];
    const [packed] = JSON.parse(npm(args, { cwd: folder, home }));
    return `./${packed.filename}`;
  };
  const tarballs = [pack(repo), pack(writeOneLine(join(folder, 'one-line')))];
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', private: true }));
  npm(['install', '--offline', '--omit=dev', ...tarballs], { cwd: folder, home });
}

/** @param {string} folder */
function writeOneLine(folder) {
  mkdirSync(folder);
  const exports = { import: './index.js', require: './index.cjs' };
  const manifest = { name: ONE_LINE, version: '1.0.0', type: 'module', exports };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'index.js'), 'export const track = () => undefined;\n');
  writeFileSync(join(folder, 'index.cjs'), 'exports.track = () => undefined;\n');
  return folder;
}
