import { fileURLToPath } from 'node:url';

/** What every suite needs to run the source. */
export const shared = {
  // The build writes its own name here; see build/build-name.ts.
  define: { HEADCOUNT_BUILD: '"source"', HEADCOUNT_FORMAT: '"esm"' },
  esbuild: { jsx: 'automatic' as const, jsxImportSource: 'preact' },
  resolve: {
    alias: { 'headcount/wire': fileURLToPath(new URL('src/wire.ts', import.meta.url)) },
  },
};

/** What both suites of faults have: they do harm, take minutes, and need root and a few tools. */
export const faults = {
  globalSetup: ['test/faults/global-setup.ts'],
  testTimeout: 240_000,
  hookTimeout: 120_000,
};

/**
 * Faults that measure time, memory or the processor, or start more programs at once than a machine
 * has processors.
 */
export const ALONE = [
  'test/faults/{bench-collector,bench-scale,close,crowd,disk,exit-budget,identity}.test.ts',
  'collector/test/faults/{hanging-disks,hostile-questions,killed-migration,large-logs}.test.ts',
  'collector/test/faults/{first-view,memory,year-questions}.test.ts',
];
