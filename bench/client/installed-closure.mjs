// @ts-check
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * An installed package and everything it depends on, found as Node would find it.
 *
 * @param {string} modules a node_modules folder
 * @param {string} name
 */
export function installedClosure(modules, name) {
  /** @type {Set<string>} */
  const folders = new Set();
  visit(join(modules, name), folders);
  let bytes = 0;
  for (const folder of folders) bytes += sizeOf(folder);
  return { bytes, packages: folders.size };
}

/** @param {string} linked @param {Set<string>} folders */
function visit(linked, folders) {
  const folder = realpathSync(linked);
  if (folders.has(folder)) return;
  folders.add(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const found = resolveFrom(folder, name);
    if (found) visit(found, folders);
  }
}

/** @param {string} from @param {string} name @returns {string | undefined} */
function resolveFrom(from, name) {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}

/** The package's own files: a nested node_modules holds other packages. @param {string} folder */
function sizeOf(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') bytes += sizeOf(path);
    else if (entry.isFile()) bytes += statSync(path).size;
  }
  return bytes;
}
