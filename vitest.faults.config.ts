import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests that do harm: they take minutes, need root and a few tools, and measure time. */
export default defineConfig({
  // The build writes its own name here; see build/build-name.ts.
  define: { HEADCOUNT_BUILD: '"source"' },
  resolve: {
    alias: { 'headcount/wire': fileURLToPath(new URL('src/wire.ts', import.meta.url)) },
  },
  test: {
    include: ['test/faults/**/*.test.ts', 'collector/test/faults/**/*.test.ts'],
    globalSetup: ['test/faults/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
