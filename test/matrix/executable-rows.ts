import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, NAMED_PROGRAM, deployFolder, run } from './app.js';
import { anyProgram, checkPrograms } from './check-programs.js';
import { build, type Row, versionOf } from './row.js';
import { BUN, nodeOf, tool } from './tools.js';

/** An executable of its own, which is all that is deployed. */
const executable = (
  name: string,
  version: string,
  make: (app: App, folder: string) => Promise<string>,
): Row => ({
  name,
  version,
  sends: 'exitBudgetMs, or close()',
  check: checkPrograms(async (app) => {
    const folder = deployFolder(app, `${name}-${version}`.replaceAll(/[^\w.]+/g, '-'));
    rmSync(join(folder, 'package.json'));
    return anyProgram([await make(app, folder)], folder);
  }),
});

/** The mark in Node.js beside which the program is put. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const sea = (release: Parameters<typeof nodeOf>[0]): Row =>
  executable(
    'Node.js, single executable (require)',
    versionOf(`node-${release}`),
    async (app, folder) => {
      const [binary, work] = [join(folder, 'acme'), join(app.folder, `sea-${release}`)];
      const [main, output, config] = [`${work}.cjs`, `${work}.blob`, `${work}.json`];
      await build(app, [
        ...[tool('esbuild/bin/esbuild'), `${NAMED_PROGRAM}.cjs`, '--bundle', '--platform=node'],
        ...['--log-level=warning', `--outfile=${main}`],
      ]);
      const options = { main, output, disableExperimentalSEAWarning: true };
      writeFileSync(config, JSON.stringify(options));
      await build(app, [nodeOf(release), '--experimental-sea-config', config]);
      copyFileSync(nodeOf(release), binary);
      chmodSync(binary, 0o755);
      const inject = [tool('postject/dist/cli.js'), binary, 'NODE_SEA_BLOB', output];
      // Its warnings are about names of sections, which nothing reads.
      const { code, output: said } = await run(
        [process.execPath, ...inject, '--sentinel-fuse', FUSE],
        folder,
      );
      if (code !== 0) throw new Error(said);
      return binary;
    },
  );

/** Every way to make an executable. */
export const EXECUTABLE_ROWS: readonly Row[] = [
  ...(['20.18', '26'] as const).map(sea),
  executable(
    'bun build --compile (import)',
    versionOf('@oven/bun-linux-x64'),
    async (app, folder) => {
      const binary = join(folder, 'acme');
      await build(app, [BUN, 'build', '--compile', `${NAMED_PROGRAM}.mjs`, '--outfile', binary]);
      return binary;
    },
  ),
];
