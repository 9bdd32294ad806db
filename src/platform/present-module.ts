import { fileURLToPath } from 'node:url';
import type { Files } from './platform.js';

/**
 * The path of a module, if there is such a file: bundlers write the address that a module had on
 * the machine of the build.
 *
 * @param module - its `import.meta.url` or `__filename`
 */
export function presentModule(module: string, files: Pick<Files, 'stat'>): string | undefined {
  try {
    const file = module.startsWith('file:') ? fileURLToPath(module) : module;
    return files.stat(file) ? file : undefined;
  } catch {
    return undefined; // a path of another system, or a folder that cannot be read
  }
}
