import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/**
 * Whole programs as their users run them, pages as browsers get them, backups, deletions, what is
 * sent to others, starts on whatever a disk may hold, and twins that count everything anew.
 */
export default defineConfig({
  ...shared,
  test: {
    include: [
      'test/{e2e,bench}/**/*.test.ts',
      'collector/test/{dashboard,demo,public,e2e,backup,recovery,model,privacy,notices,digest}/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    minWorkers: 1,
  },
});
