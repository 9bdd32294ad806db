import { configDefaults, defineConfig } from 'vitest/config';
import { ALONE, faults, shared } from './vitest.shared.js';

/** Tests that do harm, and mostly wait for what comes of it: two files at a time. */
export default defineConfig({
  ...shared,
  test: {
    ...faults,
    include: ['test/faults/**/*.test.ts', 'collector/test/faults/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...ALONE],
    maxWorkers: 2,
    minWorkers: 1,
  },
});
