import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** Whole programs as their users run them, backups, and starts on whatever a disk may hold. */
export default defineConfig({
  ...shared,
  test: {
    include: ['test/{e2e,bench}/**/*.test.ts', 'collector/test/{e2e,backup,recovery}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    minWorkers: 1,
  },
});
