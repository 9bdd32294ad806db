import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** Gives node-machine-id an `exec` that ends in time, with all that it has started. */
export const boundedMachineId: Plugin = {
  name: 'bounded-machine-id',
  setup(build) {
    const path = fileURLToPath(new URL('../src/platform/bounded-exec.ts', import.meta.url));
    build.onResolve({ filter: /^child_process$/ }, ({ importer }) =>
      /[\\/]node-machine-id[\\/]/.test(importer) ? { path } : undefined,
    );
  },
};
