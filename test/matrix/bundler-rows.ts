import { join } from 'node:path';
import { type App, ANY_PROGRAM, deploy, deployFolder } from './app.js';
import { anyProgram, checkPrograms } from './check-programs.js';
import { build, type Form, type Row, script, versionOf } from './row.js';
import { BUN, tool } from './tools.js';

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
    check: checkPrograms(async (app) => {
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
      return { clis: [[node, cli]], server: [node, server], folder, bundles };
    }),
  };
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

const bunBuild = (form: Form): Row =>
  bundler('bun build --target=node', versionOf('@oven/bun-linux-x64'), form, (from, to, app) =>
    bunBundle('node', from, to, form, app),
  );

async function bunBundle(
  target: 'node' | 'bun',
  from: string,
  to: string,
  form: Form,
  app: App,
): Promise<string> {
  const file = `bundle.${form}`;
  const format = form === 'mjs' ? 'esm' : 'cjs';
  const flags = [`--target=${target}`, `--format=${format}`, `--outfile=${join(to, file)}`];
  await build(app, [BUN, 'build', from, ...flags]);
  return file;
}

/** A bundle that Bun runs, where no process can be started at exit. */
const bunForBun: Row = {
  name: 'bun build --target=bun (import)',
  version: versionOf('@oven/bun-linux-x64'),
  sends: 'exitBudgetMs, or close()',
  check: checkPrograms(async (app) => {
    const folder = deployFolder(app, 'bun-for-bun');
    const bundle = join(folder, await bunBundle('bun', `${ANY_PROGRAM}.mjs`, folder, 'mjs', app));
    return anyProgram([BUN, bundle], folder, [bundle]);
  }),
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

const each = (make: (form: Form) => Row): Row[] => (['mjs', 'cjs'] as const).map(make);

/** Every bundler, by `import` and by `require` where it takes both. */
export const BUNDLER_ROWS: readonly Row[] = [
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
  ...each(bunBuild),
  bunForBun,
];
