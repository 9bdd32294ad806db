import type { Plugin } from 'esbuild';

/** Lets `headcount check` load the collector of tests from the file that `headcount/testing` is. */
export const testCollectorBeside: Plugin = {
  name: 'test-collector-beside',
  setup(build) {
    const filter = /^\.\.\/testing\/test-collector\.js$/;
    build.onResolve({ filter }, () => ({ path: './testing.cjs', external: true }));
  },
};
