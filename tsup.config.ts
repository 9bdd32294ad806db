import { rmSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { buildName, partMark } from './build/build-name.js';
import { boundedMachineId } from './build/bounded-machine-id.js';
import { cheapBuiltins } from './build/cheap-builtins.js';
import { ciVendors } from './build/ci-vendors.js';
import { leanUndici } from './build/lean-undici.js';
import { listBundled } from './build/list-bundled.js';
import { testCollectorBeside } from './build/test-collector-beside.js';

rmSync('dist', { recursive: true, force: true });

const define = { HEADCOUNT_BUILD: JSON.stringify(buildName()), HEADCOUNT_FORMAT: '"esm"' };

const common: Options = {
  platform: 'node',
  target: 'node20',
  removeNodeProtocol: false,
  define,
};

export default defineConfig([
  {
    ...common,
    entry: {
      index: 'src/index.ts',
      wire: 'src/wire.ts',
      cli: 'src/cli.ts',
    },
    format: ['esm', 'cjs'],
    external: ['./parts.cjs'],
    // All types share files; the code of the last ones is built below.
    dts: {
      entry: {
        index: 'src/index.ts',
        wire: 'src/wire.ts',
        cli: 'src/cli.ts',
        edge: 'src/edge.ts',
        storages: 'src/storages.ts',
        testing: 'src/testing.ts',
        vscode: 'src/vscode.ts',
      },
    },
    inject: ['build/own-globals.ts'],
    esbuildOptions(options, { format }) {
      const isCommonJs = format === 'cjs';
      options.define = {
        ...options.define,
        HEADCOUNT_FORMAT: JSON.stringify(format),
        // Some bundlers replace __dirname by the path on the machine that builds.
        ...(isCommonJs && { 'import.meta.dirname': 'module.path' }),
      };
    },
    esbuildPlugins: [cheapBuiltins, ciVendors, listBundled('main')],
    // One file each: every file more costs every start of every program.
    splitting: false,
    minify: true,
  },
  ...(['setup', 'exit', 'deferred'] as const).map((part): Options => ({
    ...common,
    entry: { [part]: `src/host/${part}/main.ts` },
    format: ['cjs'],
    outExtension: () => ({ js: '.cjs' }),
    noExternal: ['ci-info', 'env-paths', 'is-safe-filename'],
    inject: ['build/own-globals.ts'],
    minify: true,
    banner: { js: partMark(part) },
    esbuildPlugins: [cheapBuiltins, ciVendors, listBundled(part)],
  })),
  {
    ...common,
    // Where Node's modules do not exist.
    platform: 'neutral',
    entry: {
      elsewhere: 'src/elsewhere.ts',
      edge: 'src/edge.ts',
      'edge-storages': 'src/edge-storages.ts',
    },
    format: ['esm'],
    external: ['./edge-storages.js'],
    splitting: false,
    minify: true,
    esbuildPlugins: [listBundled('elsewhere')],
  },
  {
    ...common,
    // For both: stores that apps have in Node.js and elsewhere.
    platform: 'neutral',
    entry: { storages: 'src/storages.ts', vscode: 'src/vscode.ts' },
    format: ['esm', 'cjs'],
    splitting: false,
    minify: true,
    esbuildPlugins: [listBundled('adapters')],
  },
  {
    ...common,
    // One file for import and require.
    entry: { testing: 'src/testing.ts' },
    format: ['cjs'],
    outExtension: () => ({ js: '.cjs' }),
    minify: true,
    esbuildPlugins: [listBundled('testing')],
  },
  {
    ...common,
    entry: { bin: 'src/bin.ts' },
    format: ['esm'],
    // Beside it lie the library itself and its commands.
    external: [/^\.\/(index|cli)\.js$/],
    noExternal: ['env-paths', 'is-safe-filename'],
    esbuildPlugins: [listBundled('bin'), testCollectorBeside],
    shims: true,
    minify: true,
  },
  {
    ...common,
    entry: { sender: 'src/sender/main.ts' },
    format: ['cjs'],
    outExtension: () => ({ js: '.cjs' }),
    noExternal: [/.*/],
    minify: true,
    banner: { js: partMark('sender') },
    esbuildPlugins: [boundedMachineId, leanUndici, listBundled('sender')],
  },
]);
