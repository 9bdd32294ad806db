import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, deploy, deployFolder, run } from './app.js';
import { BUN, DENO, MATRIX_TOOLS, nodeOf, tool } from './tools.js';

/** The commands of a row's programs. */
export interface Programs {
  readonly cli: readonly string[];
  readonly server: readonly string[];
  /** Where they run. */
  readonly folder: string;
  /** The files of a bundle. */
  readonly bundles: readonly string[];
}

/** A runtime, or a bundler whose bundle Node.js runs. */
export interface Row {
  readonly name: string;
  readonly version: string;
  /** How a short program's report leaves. */
  readonly sends: 'exit process' | 'close()';
  make(app: App): Promise<Programs>;
}

type Form = 'mjs' | 'cjs';

const versionOf = (name: string): string =>
  (
    JSON.parse(readFileSync(tool(`${name}/package.json`), 'utf8')) as { version: string }
  ).version.replace('v', '');

/** The app as npm has installed it. */
const runtime = (
  name: string,
  version: string,
  command: readonly string[],
  sends: Row['sends'] = 'exit process',
): Row => ({
  name,
  version,
  sends,
  make: ({ folder }) =>
    Promise.resolve({
      cli: [...command, sends === 'close()' ? 'closing.mjs' : 'cli.mjs'],
      server: [...command, 'server.mjs'],
      folder,
      bundles: [],
    }),
});

/** Bundles both programs into a folder that has nothing else. */
function bundler(
  name: string,
  version: string,
  form: Form,
  build: (from: string, to: string, app: App) => Promise<string>,
): Row {
  return {
    name: `${name} (${form === 'mjs' ? 'import' : 'require'})`,
    version,
    sends: 'exit process',
    async make(app) {
      const label = `${name.replaceAll(/[^a-z]+/g, '-')}-${form}`;
      const folder = deployFolder(app, label);
      const out = join(app.folder, 'out', label);
      const bundles: string[] = [];
      for (const program of ['cli', 'server']) {
        const made = await build(`${program}.${form}`, join(out, program), app);
        deploy(join(out, program), join(folder, program));
        bundles.push(join(folder, program, made));
      }
      const [cli = '', server = ''] = bundles;
      const node = process.execPath;
      return { cli: [node, cli], server: [node, server], folder, bundles };
    },
  };
}

/** Runs a tool in the app's folder. A warning of a tool is a failure: the author would see it. */
async function build(app: App, command: readonly string[]): Promise<void> {
  const { code, output } = await run(command, app.folder, { HOME: app.folder, CI: '1' });
  if (code !== 0 || /warning/i.test(output)) throw new Error(`${command.join(' ')}\n${output}`);
}

/** Runs a module that calls a tool, where the tool is installed. */
async function script(app: App, code: string): Promise<void> {
  const file = join(MATRIX_TOOLS, `build-${process.hrtime.bigint()}.mjs`);
  writeFileSync(file, code);
  try {
    await build(app, [process.execPath, file]);
  } finally {
    rmSync(file);
  }
}

const esbuild = (flags: readonly string[], form: Form): Row =>
  bundler(
    `esbuild ${flags.join(' ')}`.trim(),
    versionOf('esbuild'),
    form,
    async (from, to, app) => {
      const format = form === 'mjs' ? 'esm' : 'cjs';
      const file = `bundle.${form}`;
      const target = flags.some((flag) => flag.startsWith('--platform')) ? [] : ['--platform=node'];
      await build(app, [
        ...[tool('esbuild/bin/esbuild'), from, '--bundle', `--format=${format}`, ...target],
        ...[...flags, '--log-level=warning', `--outfile=${join(to, file)}`],
      ]);
      return file;
    },
  );

const webpackLike = (name: string, module: string, version: string, form: Form): Row =>
  bundler(name, version, form, async (from, path, app) => {
    const isModule = form === 'mjs';
    const config = {
      mode: 'production',
      target: 'node',
      context: app.folder,
      entry: `./${from}`,
      experiments: isModule ? { outputModule: true } : {},
      output: { path, filename: `bundle.${form}`, ...(isModule && { module: true }) },
    };
    await script(
      app,
      `import tool from '${module}';
       const make = typeof tool === 'function' ? tool : tool.rspack;
       make(${JSON.stringify(config)}, (error, stats) => {
         const text = stats?.toString({ all: false, errors: true, warnings: true }) ?? '';
         console.log(error ?? '', text);
         if (error || stats.hasErrors() || stats.hasWarnings()) process.exitCode = 1;
       });`,
    );
    return `bundle.${form}`;
  });

const rolled = (name: string, command: (from: string, to: string) => readonly string[]): Row =>
  bundler(name, versionOf(name), 'mjs', async (from, to, app) => {
    await build(app, command(from, join(to, 'bundle.mjs')));
    return 'bundle.mjs';
  });

const bunBuild = (target: 'node' | 'bun', form: Form): Row => {
  const row = bundler(
    `bun build --target=${target}`,
    versionOf('@oven/bun-linux-x64'),
    form,
    async (from, to, app) => {
      const format = form === 'mjs' ? 'esm' : 'cjs';
      const file = `bundle.${form}`;
      const flags = [`--target=${target}`, `--format=${format}`, `--outfile=${join(to, file)}`];
      await build(app, [BUN, 'build', from, ...flags]);
      return file;
    },
  );
  return row;
};

const ncc = (form: Form): Row =>
  bundler('@vercel/ncc', versionOf('@vercel/ncc'), form, async (from, to, app) => {
    await build(app, [
      process.execPath,
      tool('@vercel/ncc/dist/ncc/cli.js'),
      'build',
      from,
      '-q',
      '-o',
      to,
    ]);
    return `index.${form}`;
  });

const vite = bundler('vite', versionOf('vite'), 'mjs', async (from, outDir, app) => {
  await script(
    app,
    `import { build } from 'vite';
     await build({
       root: ${JSON.stringify(app.folder)}, configFile: false, logLevel: 'warn',
       build: { ssr: ${JSON.stringify(from)}, outDir: ${JSON.stringify(outDir)} },
       ssr: { noExternal: true },
     });`,
  );
  return from;
});

const parcel = (form: Form): Row =>
  bundler('parcel', versionOf('parcel'), form, async (from, distDir, app) => {
    const engines = { node: '>=20' };
    const target = { context: 'node', engines, includeNodeModules: true, source: from, distDir };
    // Its own folder: Parcel reads its targets from the package.json.
    await script(
      app,
      `import { Parcel } from '@parcel/core';
       await new Parcel({
         entries: ${JSON.stringify(join(app.folder, from))}, defaultConfig: ${JSON.stringify(tool('@parcel/config-default/index.json'))},
         targets: { program: ${JSON.stringify({ ...target, source: undefined })} },
         mode: 'production', shouldDisableCache: true, shouldContentHash: false,
         defaultTargetOptions: { sourceMaps: false },
       }).run();
       process.exit();`,
    );
    return `${from.split('.')[0]}.js`;
  });

const FORMS = ['mjs', 'cjs'] as const;
const each = (make: (form: Form) => Row): Row[] => FORMS.map(make);

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...(['20.18', '22', '24', '26'] as const).map((release) =>
    runtime('Node.js', versionOf(`node-${release}`), [nodeOf(release)]),
  ),
  runtime('Bun', versionOf('@oven/bun-linux-x64'), [BUN], 'close()'),
  runtime('Deno', versionOf('@deno/linux-x64-glibc'), [DENO, 'run', '-A', '-q'], 'close()'),
  ...each((form) => esbuild([], form)),
  ...each((form) => esbuild(['--conditions=x'], form)),
  esbuild(['--platform=neutral'], 'mjs'),
  ...each((form) => webpackLike('webpack', 'webpack', versionOf('webpack'), form)),
  ...each((form) => webpackLike('Rspack', '@rspack/core', versionOf('@rspack/core'), form)),
  rolled('rollup', (from, to) => [
    ...[tool('rollup/dist/bin/rollup'), '--silent', '-p', tool('@rollup/plugin-node-resolve')],
    ...[from, '-o', to],
  ]),
  rolled('rolldown', (from, to) => [
    ...[process.execPath, tool('rolldown/bin/cli.mjs'), from, '--platform', 'node', '-o', to],
  ]),
  vite,
  ...each(ncc),
  ...each(parcel),
  ...each((form) => bunBuild('node', form)),
];
