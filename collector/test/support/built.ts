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
  const builtAt =
    statSync(join(root, 'dist', 'web', 'files.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'web'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  const changed = sources.find(
    (name) => /\.(tsx?|css)$/.test(name) && statSync(join(root, name)).mtimeMs > builtAt,
  );
  if (changed !== undefined) {
    throw new Error(`Run npm run build -w headcount-collector: ${changed} is newer than it.`);
  }
  return (await import(join(root, 'dist', 'testing.js'))) as Built;
}
