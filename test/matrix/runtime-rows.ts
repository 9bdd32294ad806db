import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANY_PROGRAM, deployFolder, MANIFEST } from './app.js';
import { anyProgram, checkPrograms } from './check-programs.js';
import { type Row, versionOf } from './row.js';
import { BUN, DENO, nodeOf, tool } from './tools.js';

/** Node.js, which runs the app as npm has installed it. */
const nodeRow = (release: Parameters<typeof nodeOf>[0]): Row => {
  const node = nodeOf(release);
  return {
    name: 'Node.js',
    version: versionOf(`node-${release}`),
    sends: 'exit process',
    check: checkPrograms(({ folder }) =>
      Promise.resolve({
        ...{ clis: [[node, 'cli.mjs']], server: [node, 'server.mjs'] },
        ...{ folder, bundles: [] },
      }),
    ),
  };
};

/** A runtime that cannot be told to start a process at exit. */
const otherRow = (name: string, version: string, command: readonly string[]): Row => ({
  name,
  version,
  sends: 'exitBudgetMs, or close()',
  check: checkPrograms(({ folder }) =>
    Promise.resolve(anyProgram([...command, `${ANY_PROGRAM}.mjs`], folder)),
  ),
});

const yarnRow: Row = {
  name: 'Yarn Plug’n’Play (require)',
  version: versionOf('@yarnpkg/cli-dist'),
  sends: 'exit process',
  check: checkPrograms((app, home) => {
    const folder = deployFolder(app, 'yarn');
    const dependencies = { headcount: `file:${app.tarball}` };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...MANIFEST, dependencies }));
    writeFileSync(
      join(folder, '.yarnrc.yml'),
      'nodeLinker: pnp\nenableTelemetry: false\nenableGlobalCache: false\n',
    );
    mkdirSync(home, { recursive: true });
    execFileSync(process.execPath, [tool('@yarnpkg/cli-dist/bin/yarn.js'), 'install'], {
      ...{ cwd: folder, env: { PATH: process.env['PATH'], HOME: home }, stdio: 'ignore' },
    });
    for (const program of ['cli.cjs', 'server.cjs']) {
      copyFileSync(join(app.folder, program), join(folder, program));
    }
    const node = [process.execPath, '--require', './.pnp.cjs'];
    const programs = { clis: [[...node, 'cli.cjs']], server: [...node, 'server.cjs'] };
    return Promise.resolve({ ...programs, folder, bundles: [] });
  }),
};

/** Every runtime, with the app as it was installed. */
export const RUNTIME_ROWS: readonly Row[] = [
  ...(['20.18', '22', '24', '26'] as const).map(nodeRow),
  otherRow('Bun', versionOf('@oven/bun-linux-x64'), [BUN]),
  otherRow('Deno', versionOf('@deno/linux-x64-glibc'), [DENO, 'run', '-A', '-q']),
  yarnRow,
];
