// @ts-check
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Inside of `node_modules`, so that what is built finds the packages. */
export const FOLDER = join(ROOT, 'node_modules', '.cache', 'headcount-bench');

/**
 * Loads TypeScript of the repository.
 *
 * @param {string} name of the file that is built
 * @param {string} contents of a module, with paths from the root
 * @param {string} [root] of other sources than these
 */
export async function bundleSource(name, contents, root = ROOT) {
  const outfile = join(FOLDER, `${name}.mjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    alias: { 'headcount/wire': join(root, 'src/wire.ts') },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20' },
    external: ['libsql', 'pg'],
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}
