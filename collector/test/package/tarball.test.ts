import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { importBuilt } from '../support/built.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `csv-stringify/sync` is of `csv-stringify`. */
const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

interface PackageJson {
  readonly bin: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly scripts: Record<string, string>;
}

const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageJson;

let files: string[];

beforeAll(async () => {
  await importBuilt();
  const report = execFileSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(report) as { files: { path: string }[] }[];
  files = packed?.files.map(({ path }) => path) ?? [];
});

describe('the package', () => {
  it('has the command, the threads it starts, and nothing for tests', () => {
    for (const target of Object.values(packageJson.bin)) {
      expect(files).toContain(target.replace('./', ''));
    }
    const code = files.filter((file) => file.endsWith('.js'));
    const started = code.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return [...text.matchAll(/"\.\/([\w-]+-thread\.js)"/g)].map(([, name]) => `dist/${name}`);
    });
    const threads = code.filter((file) => file.endsWith('-thread.js'));
    expect(threads.length).toBeGreaterThan(0);
    expect([...new Set(started)].sort()).toEqual(threads.sort());
    expect(files).not.toContain('dist/testing.js');
  });

  it('imports nothing but Node, its dependencies and its own files', () => {
    const { dependencies, peerDependencies } = packageJson;
    const needed = Object.keys({ ...dependencies, ...peerDependencies });
    for (const file of files.filter((name) => name.endsWith('.js'))) {
      const source = readFileSync(join(root, file), 'utf8');
      const imports = source.matchAll(/^(?:import|export)\b[^'"]*from "([^"]+)";$/gm);
      for (const [, specifier = ''] of imports) {
        if (specifier.startsWith('./')) expect(files).toContain(`dist/${specifier.slice(2)}`);
        else if (specifier.startsWith('node:'))
          expect(builtinModules).toContain(specifier.slice(5));
        else expect(needed).toContain(packageOf(specifier));
      }
    }
  });

  it('runs nothing when it is installed', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(packageJson.scripts).filter((name) => hooks.includes(name))).toEqual([]);
  });
});
