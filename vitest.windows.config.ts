import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The built package on Node.js for Windows, under wine: what only Windows does. */
export default defineConfig({
  resolve: {
    alias: { 'headcount/wire': fileURLToPath(new URL('src/wire.ts', import.meta.url)) },
  },
  test: {
    include: ['test/windows/**/*.test.ts'],
    globalSetup: ['test/windows/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
