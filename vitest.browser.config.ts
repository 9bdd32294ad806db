import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** The dashboard in a real browser, which the set-up installs. As root on Debian. */
export default defineConfig({
  ...shared,
  test: {
    include: ['collector/test/browser/**/*.test.ts'],
    globalSetup: ['collector/test/browser/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    minWorkers: 1,
  },
});
