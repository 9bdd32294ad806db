import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

/**
 * Whole programs as their users run them, pages as browsers get them, who may ask and send what,
 * backups, deletions, what is sent to others, relays, starts on whatever a disk may hold, and twins
 * that count everything anew.
 */
export default defineConfig({
  ...shared,
  test: {
    include: [
      'test/{e2e,bench}/**/*.test.ts',
      'collector/test/{access,intake,dashboard,demo,public,e2e,backup,country,export,recovery,relay,model,privacy,notices,digest}/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each waits now and then: three keep two cores busy.
    maxWorkers: 3,
    minWorkers: 1,
  },
});
