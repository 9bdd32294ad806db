import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { toolScript } from '../support/fault-tools.js';
import { runNode } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** An app that Yarn has installed by Plug'n'Play. */
function installed(dependenciesMeta: object): { folder: string; home: string } {
  const [folder, home] = [tempFolder('yarn'), tempFolder('home')];
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const name = execFileSync('npm', pack, { cwd: repo, encoding: 'utf8' }).trim();
  const dependencies = { headcount: `file:./${name}` };
  const manifest = { name: 'acme-cli', version: '2.3.1', dependencies, dependenciesMeta };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, '.yarnrc.yml'),
    'nodeLinker: pnp\nenableTelemetry: false\nenableGlobalCache: false\n',
  );
  writeFileSync(join(folder, 'cli.cjs'), `require('headcount').track(); console.log('done');`);
  writeFileSync(
    join(folder, 'server.cjs'),
    `const fs = require('node:fs');
     const headcount = require('headcount').createHeadcount(); headcount.track();
     const threads = () => fs.readdirSync('/proc/self/task').length;
     const before = threads();
     headcount.flush().then(({ sent }) => console.log(sent, threads() > before));`,
  );
  const env = { PATH: process.env['PATH'], HOME: home };
  const yarn = toolScript('@yarnpkg/cli-dist/bin/yarn.js');
  execFileSync(process.execPath, [yarn, 'install'], { cwd: folder, env, stdio: 'ignore' });
  return { folder, home };
}

describe('an app that Yarn has installed by Plug’n’Play', () => {
  it.each([
    ['in an archive', { headcount: { unplugged: false } }, false],
    ['unpacked, as the package prefers', {}, true],
  ])('sends by a child and by a thread: %s', async (_name, meta, isUnplugged) => {
    const { folder, home } = installed(meta);
    expect(existsSync(join(folder, '.yarn', 'unplugged'))).toBe(isUnplugged);
    const server = await startFaultServer();
    const TMPDIR = tempFolder('tmp');
    const options = {
      nodeArgs: ['--require', './.pnp.cjs'],
      env: { HEADCOUNT_ENDPOINT: server.address, TMPDIR },
    };
    const cli = await runNode(join(folder, 'cli.cjs'), home, options);
    expect(cli).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    await eventually(() => server.accepted().length === 1, 'the report of the child');
    const served = await runNode(join(folder, 'server.cjs'), tempFolder('home'), options);
    expect(served).toMatchObject({ code: 0, stdout: '1 true\n', stderr: '' });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });
});
