import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The build writes its own name here; see build/build-name.ts.
  define: { HEADCOUNT_BUILD: '"source"' },
  resolve: {
    alias: { 'headcount/wire': fileURLToPath(new URL('src/wire.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.test.ts', 'collector/test/**/*.test.ts'],
    exclude: [
      'test/{e2e,bench,faults,windows}/**',
      'collector/test/{e2e,backup,recovery,faults,attacks}/**',
      '**/node_modules/**',
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // One less than there are cores, by default: that is one in CI.
    maxWorkers: 2,
    minWorkers: 1,
  },
});
