import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    cli: 'src/cli.ts',
    testing: 'src/testing.ts',
    // Worker threads lie beside the code that starts them: dist/ is flat.
    'journal-writer-thread': 'src/journal/journal-writer-thread.ts',
    'counting-thread': 'src/counting/counting-thread.ts',
    'examine-thread': 'src/recovery/examine-thread.ts',
    'oldest-backup-process': 'src/backup/oldest-backup-process.ts',
    'build-folder-thread': 'src/backup/build-folder-thread.ts',
    'counts-reader-thread': 'src/store/counts-reader-thread.ts',
    'country-table-thread': 'src/country/country-table-thread.ts',
    'question-thread': 'src/stats/question-thread.ts',
  },
  format: ['esm'],
  platform: 'node',
  target: 'node20',
  // The wire format is inlined, so that the two packages can be released apart; TypeBox, because
  // its hundreds of files take longer to load than all the rest; Temporal, because each thread would
  // have all of it in memory, where days of time zones need a fifth.
  noExternal: ['headcount', 'typebox', 'temporal-polyfill', 'temporal-utils'],
  onSuccess: async () => {
    await copyFile('../node_modules/typebox/license', 'dist/typebox-license.txt');
    await copyFile(
      '../node_modules/temporal-polyfill/LICENSE',
      'dist/temporal-polyfill-license.txt',
    );
  },
  esbuildOptions(options) {
    options.alias = { 'headcount/wire': '../src/wire.ts' };
  },
  removeNodeProtocol: false,
  clean: true,
});
