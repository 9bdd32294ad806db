import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as testing from '../../src/testing.js';

type Built = typeof testing;

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The command, as it is published. */
export const CLI = join(root, 'dist', 'cli.js');

let built: Promise<Built> | undefined;

/**
 * What is built from `src/testing.ts`. Worker threads cannot run TypeScript, so whatever starts
 * one is tested as it is published.
 *
 * @throws If the build is older than the source.
 */
export function importBuilt(): Promise<Built> {
  return (built ??= load());
}

async function load(): Promise<Built> {
  const builtAt = statSync(CLI, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const changed = sources.find(
    (name) => name.endsWith('.ts') && statSync(join(root, 'src', name)).mtimeMs > builtAt,
  );
  if (changed !== undefined) {
    throw new Error(`Run npm run build -w headcount-collector: src/${changed} is newer than it.`);
  }
  return (await import(join(root, 'dist', 'testing.js'))) as Built;
}
