import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

export default defineConfig({
  ...shared,
  test: {
    include: ['test/**/*.test.ts', 'collector/test/**/*.test.{ts,tsx}'],
    exclude: [
      'test/{e2e,bench,faults,windows,clients,matrix,site}/**',
      'collector/test/{access,intake,browser,postgres,dashboard,demo,public,e2e,backup,country,export,recovery,relay,model,privacy,notices,digest,faults,attacks,deploy}/**',
      '**/node_modules/**',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One less than there are cores, by default: that is one in CI.
    maxWorkers: 2,
    minWorkers: 1,
  },
});
