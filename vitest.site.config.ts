import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** The built site in a real browser, and the code of its recipes against a real collector. */
export default defineConfig({
  ...shared,
  test: {
    include: ['test/site/**/*.test.ts'],
    globalSetup: ['test/site/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    minWorkers: 1,
  },
});
