import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** The built package in every runtime, and in the bundles of every tool. */
export default defineConfig({
  ...shared,
  test: {
    include: ['test/matrix/**/*.test.ts'],
    globalSetup: ['test/matrix/global-setup.ts'],
    // The two processors of CI: more rows at once would only wait for each other.
    maxConcurrency: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
