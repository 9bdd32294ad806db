import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { REPOSITORY } from '../support/build-image.js';
import { readDockerfile } from '../support/read-dockerfile.js';
import { readComposeKit } from './compose-kit.js';

it('has the client of PostgreSQL, of the version that is tested', () => {
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
  const path = 'node_modules/pg';
  expect(packages[path]?.version).toBe(tested.packages[path]?.version);
  execFileSync(process.execPath, ['-e', "import('pg')"], { cwd: join(folder, 'collector') });
  expect(existsSync(join(folder, 'node_modules/vitest'))).toBe(false);
});
