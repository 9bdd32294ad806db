import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const fileAt = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Bundles the source of node-machine-id: a tenth of its `main`, which has polyfills for Node.js 4.
 * Replaces its `exec` by one with a time limit. Its few types are Flow's, and valid TypeScript.
 */
export const boundedMachineId: Plugin = {
  name: 'bounded-machine-id',
  setup(build) {
    build.onResolve({ filter: /^node-machine-id$/ }, () => ({
      path: fileAt('node_modules/node-machine-id/index.js'),
    }));
    build.onLoad({ filter: /[\\/]node-machine-id[\\/]index\.js$/ }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'ts',
    }));
    build.onResolve({ filter: /^child_process$/ }, ({ importer, path }) =>
      /[\\/]node-machine-id[\\/]/.test(importer) ? { path, namespace: 'bounded' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'bounded' }, () => ({
      contents: `export { exec } from ${JSON.stringify(fileAt('src/sender/platform/bounded-exec.ts'))};
        export { execSync } from 'node:child_process'; // for a part that is left out`,
      resolveDir: fileAt('.'),
    }));
  },
};
