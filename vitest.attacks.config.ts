import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What outsiders may try against a real collector, and the bound of each: minutes of load. */
export default defineConfig({
  resolve: {
    alias: { 'headcount/wire': fileURLToPath(new URL('src/wire.ts', import.meta.url)) },
  },
  test: {
    include: ['collector/test/attacks/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
