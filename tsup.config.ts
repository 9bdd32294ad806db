import { rmSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { boundedMachineId } from './scripts/bounded-machine-id.js';
import { cheapBuiltins } from './scripts/cheap-builtins.js';
import { ciVendors } from './scripts/ci-vendors.js';
import { leanUndici } from './scripts/lean-undici.js';
import { listBundled } from './scripts/list-bundled.js';

rmSync('dist', { recursive: true, force: true });

const common: Options = {
  platform: 'node',
  target: 'node20',
  removeNodeProtocol: false,
};

export default defineConfig([
  {
    ...common,
    entry: {
      index: 'src/index.ts',
      wire: 'src/wire.ts',
      storage: 'src/storage.ts',
      cli: 'src/cli.ts',
    },
    format: ['esm', 'cjs'],
    noExternal: ['ci-info', 'env-paths', 'is-safe-filename'],
    dts: true,
    inject: ['scripts/own-globals.ts'],
    esbuildOptions(options, { format }) {
      // Not tsup's shim: it makes a URL of it, which fails where a context has no URL.
      if (format === 'cjs') options.define = { ...options.define, 'import.meta.url': '__filename' };
    },
    esbuildPlugins: [cheapBuiltins, ciVendors, listBundled('main')],
    // One file each: every file more costs every start of every program.
    splitting: false,
    minify: true,
  },
  {
    ...common,
    entry: { bin: 'src/bin.ts' },
    format: ['esm'],
    // Beside it lie the library itself and its commands.
    external: [/^\.\/(index|cli)\.js$/],
    noExternal: ['env-paths', 'is-safe-filename'],
    esbuildPlugins: [listBundled('bin')],
    shims: true,
    minify: true,
  },
  {
    ...common,
    entry: { sender: 'src/delivery/sender.ts' },
    format: ['cjs'],
    outExtension: () => ({ js: '.cjs' }),
    noExternal: [/.*/],
    minify: true,
    banner: { js: '/*! headcount sender */' },
    esbuildPlugins: [boundedMachineId, leanUndici, listBundled('sender')],
  },
]);
