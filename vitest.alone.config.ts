import { defineConfig } from 'vitest/config';
import { ALONE, faults, shared } from './vitest.shared.js';

/** Tests that do harm and need the machine for themselves: one file at a time. */
export default defineConfig({
  ...shared,
  test: { ...faults, include: ALONE, fileParallelism: false },
});
