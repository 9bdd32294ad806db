import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { runNode } from '../support/run-app.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const npm = (args: string[], cwd: string): string =>
  execFileSync('npm', [...args, '--silent'], { cwd, encoding: 'utf8' });

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe('the packed packages, installed into an empty project', () => {
  let project: string;
  let packed: Packed[];

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'headcount-packed-'));
    const arguments_ = ['pack', '--json', '--pack-destination', project];
    packed = [repo, join(repo, 'collector')].map(
      (cwd) => (JSON.parse(npm(arguments_, cwd)) as [Packed])[0],
    );
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'empty-app', version: '0.0.1', private: true }),
    );
    const tarballs = packed.map(({ filename }) => `./${filename}`);
    npm(
      ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', ...tarballs],
      project,
    );
    return () => rmSync(project, { recursive: true, force: true });
  }, 120_000);

  it('carry licence, notices, change log and types, and no source or test', () => {
    const [client, collector] = packed.map(({ files }) => files.map(({ path }) => path));
    expect(client).toEqual(
      expect.arrayContaining([
        'README.md',
        'LICENSE',
        'dist/THIRD-PARTY-NOTICES.txt',
        'dist/index.d.ts',
        'dist/index.d.cts',
        'dist/sender.cjs',
      ]),
    );
    expect(collector).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist/cli.js']));
    for (const path of [...(client ?? []), ...(collector ?? [])]) {
      expect(path).not.toMatch(/^(src|test|scripts|node_modules)\/|\.tgz$|bundled-/);
    }
  });

  it('bring no dependency with the client, and no install script at all', () => {
    const manifest = (name: string) =>
      JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')) as {
        dependencies?: object;
        scripts?: Record<string, string>;
      };
    expect(manifest('headcount').dependencies).toBeUndefined();
    for (const name of installedPackages(join(project, 'node_modules'))) {
      const { scripts = {} } = manifest(name);
      const [hook] = ['preinstall', 'install', 'postinstall'].filter((script) => scripts[script]);
      expect(hook, `${name} has an install script`).toBeUndefined();
    }
  });

  it('report and count', async () => {
    const collector = await startCollector({
      cli: join(project, 'node_modules/headcount-collector/dist/cli.js'),
    });
    const env = { HEADCOUNT_ENDPOINT: collector.address };
    const home = join(project, 'home');
    mkdirSync(home);
    writeFileSync(join(project, 'esm.mjs'), `import { track } from 'headcount'; track();`);
    writeFileSync(join(project, 'cjs.cjs'), `require('headcount').track();`);
    for (const script of ['esm.mjs', 'cjs.cjs']) {
      const run = await runNode(join(project, script), home, { env });
      expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
    await eventually(
      async () => (await collector.stats('empty-app')).total_reports === 2,
      'both reports counted',
    );
    expect((await collector.stats('empty-app')).total_users).toBe(1);
    expect(await collector.stop()).toBe(0);
  });

  it('resolve in TypeScript, from ESM and from CJS', () => {
    const code = `import { createHeadcount, type Status } from 'headcount';
      import type { Report } from 'headcount/wire';
      import { memoryStorage } from 'headcount/storage';
      const status: Status = createHeadcount({ project: 'a', storage: memoryStorage() }).status();
      export const os = (report: Report): string => report.info.os + status.mode;
      // @ts-expect-error -- an option that does not exist
      createHeadcount({ projct: 'a' });`;
    writeFileSync(join(project, 'esm.mts'), code);
    writeFileSync(join(project, 'cjs.cts'), code);
    const compiler = ['--noEmit', '--strict', '--skipLibCheck', 'false'];
    const modules = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023'];
    const tsc = join(repo, 'node_modules/typescript/bin/tsc');
    const run = () =>
      execFileSync(process.execPath, [tsc, ...compiler, ...modules, 'esm.mts', 'cjs.cts'], {
        cwd: project,
        encoding: 'utf8',
      });
    expect(run()).toBe('');
  });
});

function installedPackages(folder: string, scope = ''): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.')) return [];
    if (name.startsWith('@')) return installedPackages(join(folder, name), `${name}/`);
    return existsSync(join(folder, name, 'package.json')) ? [`${scope}${name}`] : [];
  });
}
