// @ts-check
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Inside of `node_modules`, so that what is built finds the packages. */
const FOLDER = join(ROOT, 'node_modules', '.cache', 'headcount-bench');

/**
 * @typedef {typeof import('../../collector/src/store/sqlite/counts-writer.js').openCountsWriter} OpenCountsWriter
 */

/**
 * Loads what writes the counts, from the source as it is or as it was.
 *
 * @param {string} [commit] any name that git knows; the files as they are by default
 * @returns {Promise<OpenCountsWriter>}
 */
export async function loadWriter(commit) {
  const name = commit?.replace(/\W/g, '-') ?? 'now';
  const source = commit === undefined ? ROOT : extract(commit, join(FOLDER, `source-${name}`));
  const outfile = join(FOLDER, `writer-${name}.mjs`);
  await build({
    entryPoints: [join(source, 'collector/src/store/sqlite/counts-writer.ts')],
    alias: { 'headcount/wire': join(source, 'src/wire.ts') },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20' },
    external: ['libsql'],
    outfile,
  });
  const { openCountsWriter } = await import(pathToFileURL(outfile).href);
  return openCountsWriter;
}

/** @param {string} commit @param {string} folder */
function extract(commit, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = execFileSync('git', ['archive', commit, 'src', 'collector/src'], {
    ...{ cwd: ROOT, maxBuffer: 2 ** 28 },
  });
  execFileSync('tar', ['-x', '-C', folder], { input: packed });
  return folder;
}
