import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/** The clients in other languages, as the programs that people run: in clients/. */
export default defineConfig({
  ...shared,
  test: {
    include: ['test/clients/**/*.test.ts'],
    globalSetup: ['test/clients/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    minWorkers: 1,
  },
});
