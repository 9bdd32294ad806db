import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const fileAt = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Takes node-machine-id by its source, which is a tenth of what is published as its `main` (that
 * brings polyfills for Node.js 4), and gives it an `exec` that ends in time, with all that it has
 * started. Its few types are Flow's; TypeScript has the same.
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
