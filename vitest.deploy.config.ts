import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** Every file of collector/deploy, used by the real tool that it is for. As root on Debian. */
export default defineConfig({
  ...shared,
  test: {
    include: ['collector/test/deploy/**/*.test.ts'],
    globalSetup: ['collector/test/deploy/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
