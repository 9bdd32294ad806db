import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** A registry that has no package yet. It answers nothing but 404, and takes nothing. */
async function startEmptyRegistry(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `//127.0.0.1:${(server.address() as AddressInfo).port}/`; // an address, since it listens
}

it.each([
  ['headcount', repo],
  ['headcount-collector', join(repo, 'collector')],
])('npm would publish %s without a warning', async (name, cwd) => {
  const folder = mkdtempSync(join(tmpdir(), 'headcount-publish-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const registry = await startEmptyRegistry();
  const userconfig = join(folder, 'npmrc');
  writeFileSync(userconfig, `registry=http:${registry}\n${registry}:_authToken=nobody\n`);
  const environment = Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key));
  const { stdout, stderr } = await run(
    'npm',
    ['publish', '--dry-run', '--userconfig', userconfig, '--cache', join(folder, 'cache')],
    { cwd, env: Object.fromEntries(environment) },
  );
  expect(stderr.split('\n').filter((line) => line !== '' && !/^npm notice/.test(line))).toEqual([]);
  expect(stderr).toContain(`(dry-run)`);
  expect(stdout).toMatch(new RegExp(`^\\+ ${name}@\\d`, 'm'));
});
