import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** Tests that do harm: they take minutes, need root and a few tools, and measure time. */
export default defineConfig({
  ...shared,
  test: {
    include: ['test/faults/**/*.test.ts', 'collector/test/faults/**/*.test.ts'],
    globalSetup: ['test/faults/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
