import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    cli: 'src/cli.ts',
    'journal-writer': 'src/journal/writer-thread.ts',
    'counts-writer': 'src/store/sqlite/writer-thread.ts',
  },
  format: ['esm'],
  platform: 'node',
  target: 'node20',
  // The wire format is inlined, so that the two packages can be released apart.
  noExternal: ['headcount'],
  esbuildOptions(options) {
    options.alias = { 'headcount/wire': '../src/wire.ts' };
  },
  removeNodeProtocol: false,
  clean: true,
});
