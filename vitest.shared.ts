import { fileURLToPath } from 'node:url';

/** What every suite needs to run the source. */
export const shared = {
  // The build writes its own name here; see build/build-name.ts.
  define: { HEADCOUNT_BUILD: '"source"' },
  esbuild: { jsx: 'automatic' as const, jsxImportSource: 'preact' },
  resolve: {
    alias: { 'headcount/wire': fileURLToPath(new URL('src/wire.ts', import.meta.url)) },
  },
};
