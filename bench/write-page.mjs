// @ts-check
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param {string} page below docs/ */
export const pageFile = (page) => fileURLToPath(new URL(`../docs/${page}`, import.meta.url));

/**
 * Writes a file of docs/ that is made from results. With `--check` on the command line it changes
 * nothing and fails where they differ.
 *
 * @param {string} page
 * @param {string} content
 * @param {string} hint what to do where they differ
 */
export function writePage(page, content, hint) {
  const file = pageFile(page);
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== content) {
    console.error(`docs/${page} differs from ${hint}`);
    process.exitCode = 1;
  }
}
