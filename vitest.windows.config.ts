import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** The built package on Node.js for Windows, under wine: what only Windows does. */
export default defineConfig({
  ...shared,
  test: {
    include: ['test/windows/**/*.test.ts'],
    globalSetup: ['test/windows/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
