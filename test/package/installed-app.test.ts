import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { removeFolder } from '../support/temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const QUIET = ['--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--offline'];

/** Runs npm, or another command, with a home of its own. Resolves to what it writes. */
function run(command: string, args: readonly string[], cwd: string, env = {}): Promise<string> {
  const home = join(cwd, '..', 'home');
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: home, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
  });
}

describe('a command-line program that npm has installed, in a project of its user', () => {
  let folder: string;
  let project: string;
  let tarball: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headcount-installed-'));
    project = join(folder, 'of-its-user');
    const app = join(folder, 'acme-cli');
    for (const made of [project, app, join(folder, 'home')]) mkdirSync(made);
    const pack = (from: string): string => {
      const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
      return join(folder, execFileSync('npm', args, { cwd: from, encoding: 'utf8' }).trim());
    };
    const manifest = {
      name: 'acme-cli',
      version: '2.3.1',
      bin: { acme: 'cli.cjs' },
      dependencies: { headcount: `file:${pack(repo)}` },
    };
    writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
    writeFileSync(
      join(app, 'cli.cjs'),
      `#!/usr/bin/env node\nrequire('headcount').track(); console.log('done');`,
    );
    tarball = pack(app);
    const own = { name: 'of-its-user', version: '7.7.7', headcount: { endpoint: 'http://[' } };
    writeFileSync(join(project, 'package.json'), JSON.stringify(own));
    return () => removeFolder(folder); // a sender may outlive its program
  }, 60_000);

  it.each([
    [
      'npm install --global',
      async (env: object) => {
        const prefix = join(folder, 'global');
        await run('npm', ['install', ...QUIET, '--global', '--prefix', prefix, tarball], project);
        return run(join(prefix, 'bin', 'acme'), [], project, env);
      },
    ],
    [
      'npx',
      (env: object) => run('npx', ['--yes', ...QUIET, '--package', tarball, 'acme'], project, env),
    ],
    [
      'a development dependency, by npx',
      async (env: object) => {
        await run('npm', ['install', ...QUIET, '--save-dev', tarball], project);
        return run('npx', ['acme'], project, env);
      },
    ],
  ])('names itself: %s', async (_name, start) => {
    const recorder = await startRecorder();
    expect(await start({ HEADCOUNT_ENDPOINT: recorder.address })).toBe('done\n');
    const [report] = await eventually(
      () => recorder.reports().length > 0 && recorder.reports(),
      'the report',
    );
    expect(report).toMatchObject({ project: 'acme-cli', info: { version: '2.3.1' } });
  });
});
