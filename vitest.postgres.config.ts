import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** The store on PostgreSQL, in clusters of its own on free ports. As root on Debian. */
export default defineConfig({
  ...shared,
  test: {
    include: ['collector/test/postgres/**/*.test.ts'],
    globalSetup: ['collector/test/postgres/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    minWorkers: 1,
  },
});
