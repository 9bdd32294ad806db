import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** What outsiders may try against a real collector, and the bound of each: minutes of load. */
export default defineConfig({
  ...shared,
  test: {
    include: ['collector/test/attacks/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
