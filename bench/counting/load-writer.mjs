// @ts-check
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSource, FOLDER, ROOT } from '../bundle-source.mjs';

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
  const { openCountsWriter } = await bundleSource(
    `writer-${name}`,
    `export * from './collector/src/store/sqlite/counts-writer.ts'`,
    source,
  );
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
