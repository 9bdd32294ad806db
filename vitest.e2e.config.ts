import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Whole programs as their users run them, backups, and starts on whatever a disk may hold. */
export default defineConfig({
  define: { HEADCOUNT_BUILD: '"source"' },
  resolve: {
    alias: { 'headcount/wire': fileURLToPath(new URL('src/wire.ts', import.meta.url)) },
  },
  test: {
    include: ['test/{e2e,bench}/**/*.test.ts', 'collector/test/{e2e,backup,recovery}/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    minWorkers: 1,
  },
});
