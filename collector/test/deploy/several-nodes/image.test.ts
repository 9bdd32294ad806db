import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { REPOSITORY } from '../support/build-image.js';
import { readDockerfile } from '../support/read-dockerfile.js';
import { readComposeKit } from './compose-kit.js';

const CLIENTS = ['pg', '@redis/client'] as const;

it('has the clients of PostgreSQL and Redis, of the versions that are tested', () => {
  const [{ steps } = { steps: [] }] = readDockerfile(
    join(REPOSITORY, 'collector/deploy/docker/Dockerfile'),
  );
  const install = steps.find(({ keyword, text }) => keyword === 'RUN' && text.includes('$STORE'));
  const folder = temporaryFolder();
  for (const path of ['package.json', 'package-lock.json', '.npmrc', 'collector/package.json']) {
    cpSync(join(REPOSITORY, path), join(folder, path));
  }
  cpSync(join(REPOSITORY, 'examples'), join(folder, 'examples'), { recursive: true });
  const args = (readComposeKit().services['collector-1']?.['build'] as { args: object }).args;
  execFileSync('sh', ['-c', install?.text ?? 'false'], {
    ...{ cwd: folder, stdio: 'pipe' },
    env: { ...process.env, ...args },
  });
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { readonly version: string }>;
  };
  const tested = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { readonly version: string }>;
  };
  for (const name of CLIENTS) {
    const path = `node_modules/${name}`;
    expect(packages[path]?.version).toBe(tested.packages[path]?.version);
  }
  const code = `Promise.all(${JSON.stringify(CLIENTS)}.map((name) => import(name)))`;
  execFileSync(process.execPath, ['-e', code], { cwd: join(folder, 'collector') });
  expect(existsSync(join(folder, 'node_modules/vitest'))).toBe(false);
});
