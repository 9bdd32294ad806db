import { mkdirSync, writeFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Writes what a bundle was made of to `dist/bundled-<name>.json`, for write-notices.mjs. (The
 * bundler's own list has one name for two bundles of one format.)
 */
export const listBundled = (name: string): Plugin => ({
  name: 'list-bundled',
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }) => {
      mkdirSync('dist', { recursive: true });
      writeFileSync(
        `dist/bundled-${name}-${build.initialOptions.format}.json`,
        JSON.stringify(Object.keys(metafile?.inputs ?? {})),
      );
    });
  },
});
