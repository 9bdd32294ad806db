import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { type ExitChild, exitChildren } from '../support/exit-children.js';
import { silent, startFaultServer } from '../support/fault-server.js';
import { nodeRelease, toolScript } from '../support/fault-tools.js';
import { outboxFiles } from '../support/outbox-files.js';
import { packageWith } from '../support/package-with.js';
import { createTestApp, runNode, type RunOptions, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const FILES = { 'cli.mjs': TRACK_ONCE };
const at = (address: string, env: Record<string, string | undefined> = {}): RunOptions => ({
  env: { HEADCOUNT_ENDPOINT: address, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', ...env },
});
const childOf = ({ home }: Pick<TestApp, 'home'>): Promise<ExitChild> =>
  eventually(() => exitChildren(home)[0], 'a sending child');

describe('the child', () => {
  it('knows nothing of its parent but where its home is and how to reach the network', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp({
      ...FILES,
      'preload.cjs': `require('node:fs').appendFileSync(process.env.MARKER ?? '/dev/null', 'x');`,
    });
    const marker = join(tempFolder('marker'), 'preloaded');
    const secrets = {
      MARKER: marker,
      NODE_OPTIONS: `--require ${join(app.folder, 'preload.cjs')}`,
      NODE_PATH: '/secret',
      NODE_V8_COVERAGE: join(dirname(marker), 'coverage'),
      AWS_SECRET_ACCESS_KEY: 'secret',
      GITHUB_TOKEN: 'secret',
      PASSWORD: 'secret',
      LD_PRELOAD: '',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: 'example.com',
      NODE_EXTRA_CA_CERTS: '/nowhere.pem',
    };
    await app.run('cli.mjs', {
      ...at(server.address, secrets),
      nodeArgs: ['--inspect=127.0.0.1:0', '--max-old-space-size=512'],
    });
    const child = await childOf(app);
    const allowed =
      /^(HOME|PATH|TMPDIR|TEMP|TMP|XDG_\w+|(HTTPS?|NO|ALL)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|DO_NOT_TRACK|HEADCOUNT_\w+|\w+_TELEMETRY_DISABLED|USER|LOGNAME|LANG|TZ)$/i;
    expect(Object.keys(child.environment).filter((name) => !allowed.test(name))).toEqual([]);
    expect(JSON.stringify(child.environment)).not.toContain('secret');
    expect(child.environment).toMatchObject({ HTTPS_PROXY: 'http://127.0.0.1:9', HOME: app.home });
    // How much memory it may use is the host's affair; what it loads and prints is not.
    expect(child.commandLine.slice(1)).toEqual(['--max-old-space-size=512', '-']);
    expect(child.cwd).toBe(tmpdir());
    expect(child.streams.slice(1)).toEqual(['/dev/null', '/dev/null']);
    expect(child.streams[0]).toMatch(/sender\.cjs( \(deleted\))?$/);
    expect(readFileSync(marker, 'utf8')).toBe('x'); // the host's own preload, and no other
  });

  it.each(['/nowhere/at/all', '/etc/hostname'])(
    'is started where TMPDIR is no folder: %s',
    async (TMPDIR) => {
      const server = await startFaultServer(silent);
      const app = createTestApp(FILES);
      const run = await app.run('cli.mjs', at(server.address, { TMPDIR }));
      expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
      expect((await childOf(app)).cwd).toBe('/');
    },
  );

  it('is a process group of its own that the end of the host leaves alone', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp(FILES);
    await app.run('cli.mjs', at(server.address));
    const { pid } = await childOf(app);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect([Number(group), Number(session)]).toEqual([pid, pid]);
  });

  it.each([
    ['the server never answers', ''],
    [
      'its thread hangs in a call of the system',
      `if (process.env.HEADCOUNT_CHILD) setTimeout(() =>
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 200);`,
    ],
  ])('is gone after 15 s at most, also where %s', async (_name, code) => {
    const server = await startFaultServer(silent);
    const app = createTestApp(FILES, { headcount: packageWith(code) });
    await app.run('cli.mjs', at(server.address));
    let oldestMs = 0;
    await eventually(
      () => {
        const children = exitChildren(app.home);
        oldestMs = Math.max(oldestMs, ...children.map((child) => child.ageMs));
        return oldestMs > 0 && children.length === 0;
      },
      'the child to end',
      25_000,
    );
    // It really was there: a server that does not answer within 10 s is given up.
    expect(oldestMs).toBeGreaterThan(9_000);
    expect(oldestMs).toBeLessThan(16_000);
    expect(outboxFiles(app.home)).toHaveLength(1);
  });

  it('comes at most once in exitUploadIntervalMs, and the next run after that takes all', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const often = at(server.address, { HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: undefined });
    await app.run('cli.mjs', often);
    await eventually(() => server.accepted().length === 1, 'the first report, at once');
    await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
    await app.run('cli.mjs', often);
    await app.run('cli.mjs', often);
    expect(exitChildren(app.home)).toEqual([]);
    expect(server.connections()).toBe(1);
    await app.run('cli.mjs', at(server.address));
    await eventually(() => server.accepted().length === 4, 'all four reports');
  });

  it.each(['esm', 'cjs'] as const)('is started from a bundle of one file, %s', async (format) => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const bundled = createTestApp({});
    const script = `dist/cli.${format === 'esm' ? 'mjs' : 'cjs'}`;
    bundle(app, join(bundled.folder, script), format);
    const temp = tempFolder('tmp');
    const options = at(server.address, { TMPDIR: temp });
    expect(await bundled.run(script, options)).toMatchObject({ code: 0, stderr: '' });
    await eventually(() => server.accepted().length === 1, 'the report');
    expect(execFileSync('ls', ['-A', temp], { encoding: 'utf8' })).toBe('');
  });

  it('is started by a CJS app', async () => {
    const server = await startFaultServer();
    const app = createTestApp({ 'cli.cjs': `require('headcount').track();` });
    await app.run('cli.cjs', at(server.address));
    await eventually(() => server.accepted().length === 1, 'the report');
  });

  it.each(['cli.mjs', 'cli.cjs'])(
    'loses nothing when all of the app is deleted meanwhile: %s',
    async (script) => {
      const server = await startFaultServer();
      const remove = `.rmSync(process.env.APP, { recursive: true, force: true });`;
      const app = createTestApp({
        'cli.mjs': `import fs from 'node:fs'; import { track } from 'headcount'; track(); fs${remove}`,
        'cli.cjs': `require('headcount').track(); require('node:fs')${remove}`,
      });
      // A copy, so that the package itself is deleted too, and not only a link to it.
      const folder = join(tempFolder('whole'), 'app');
      cpSync(app.folder, folder, {
        recursive: true,
        filter: (file) => !file.includes('node_modules'),
      });
      const installed = join(folder, 'node_modules', 'headcount');
      mkdirSync(installed, { recursive: true });
      cpSync(join(repo, 'dist'), join(installed, 'dist'), { recursive: true });
      copyFileSync(join(repo, 'package.json'), join(installed, 'package.json'));
      const run = await runNode(
        join(folder, script),
        app.home,
        at(server.address, { APP: folder }),
      );
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(existsSync(folder)).toBe(false);
      await eventually(() => server.accepted().length === 1, 'the report, by its own child');
      const next = createTestApp(FILES, { home: app.home });
      await next.run('cli.mjs', at(server.address));
      await eventually(() => server.accepted().length === 2, 'both reports');
    },
  );

  it('is started by a host that uses 150 MB', async () => {
    const server = await startFaultServer();
    const app = createTestApp({ 'cli.mjs': hostOf(150) });
    expect(await app.run('cli.mjs', at(server.address))).toMatchObject({ stdout: 'true\n' });
    await eventually(() => server.accepted().length === 1, 'the report');
  });

  it('is started where paths hold spaces and other alphabets', async () => {
    const server = await startFaultServer();
    const odd = `a b'c"d ünï ☃ 数`;
    const app = createTestApp(FILES, {
      folder: join(tempFolder('odd'), odd, 'app'),
      home: join(tempFolder('odd'), odd),
    });
    const temp = join(tempFolder('odd'), odd);
    mkdirSync(app.home, { recursive: true });
    mkdirSync(temp, { recursive: true });
    const run = await app.run('cli.mjs', at(server.address, { TMPDIR: temp }));
    expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    await eventually(() => server.accepted().length === 1, 'the report');
  });
});

/**
 * A program that ends with so much memory in use. Filling it can take longer than the usual
 * flushIntervalMs: with a day, only a child can have sent what arrives.
 */
const hostOf = (megabytes: number): string => `
  import { createHeadcount } from 'headcount';
  const megabytes = () => process.memoryUsage.rss() / 1024 / 1024;
  const filled = (globalThis.filled = []); // a garbage collection at the end must not free it
  createHeadcount({ flushIntervalMs: 86_400_000 }).track();
  while (megabytes() < ${megabytes}) filled.push(Buffer.alloc(1024 ** 2, 1));
  console.log(megabytes() < ${megabytes} + 30 && filled.length > 10);`;

describe('a child that a worker thread leaves behind', () => {
  it.each(['20.18', '22', '24'] as const)(
    'takes nothing over from the process, which lives on (Node.js %s)',
    async (release) => {
      const server = await startFaultServer(silent);
      const thread = `import { createHeadcount } from 'headcount';
        createHeadcount({ packageJson: import.meta.url }).track();`;
      const app = createTestApp({
        'thread.mjs': thread,
        'main.mjs': thread,
        'cli.mjs': `import { Worker } from 'node:worker_threads';
          new Worker(new URL('./thread.mjs', import.meta.url));
          setTimeout(() => undefined, 4_000);`,
      });
      const options = { ...at(server.address), node: nodeRelease(release) };
      const job = async (): Promise<unknown> =>
        JSON.parse((await childOf(app)).environment['HEADCOUNT_CHILD_JOB'] ?? 'null');
      const running = app.run('cli.mjs', options);
      expect(await job()).not.toHaveProperty('handover.dyingPid');
      await running;
      const { home } = app;
      await eventually(() => exitChildren(home).length === 0, 'no child left', 20_000);
      await app.run('main.mjs', options);
      expect(await job()).toHaveProperty('handover.dyingPid');
    },
  );
});

describe('no child', () => {
  /** All of the child's life is shorter than a look at the process table: its work tells. */
  const neverSends = async (
    app: Pick<TestApp, 'home'>,
    connections: () => number,
  ): Promise<void> => {
    // A child of another app that was started later has done its work: this one would have, too.
    const witness = await startFaultServer();
    const other = createTestApp(FILES);
    await other.run('cli.mjs', at(witness.address));
    await eventually(() => witness.accepted().length === 1, 'the other report');
    expect(exitChildren(app.home)).toEqual([]);
    expect(connections()).toBe(0);
    expect(outboxFiles(app.home)).toHaveLength(1);
  };

  it('is started by a single-executable app, whose outbox waits for the next run', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const folder = tempFolder('sea');
    const home = tempFolder('home');
    const started = join(folder, 'started');
    writeFileSync(
      join(app.folder, 'sea.mjs'),
      `import { createHeadcount } from 'headcount'; import fs from 'node:fs';
       fs.appendFileSync(${JSON.stringify(started)}, 'x');
       createHeadcount({ project: 'acme-cli', version: '1.0.0' }).track(); console.log('done');`,
    );
    bundle(app, join(folder, 'app.cjs'), 'cjs', 'sea.mjs');
    const [binary, blob] = [join(folder, 'acme'), join(folder, 'blob')];
    const config = {
      main: join(folder, 'app.cjs'),
      output: blob,
      disableExperimentalSEAWarning: true,
    };
    writeFileSync(join(folder, 'sea.json'), JSON.stringify(config));
    const node = nodeRelease('22');
    execFileSync(node, ['--experimental-sea-config', join(folder, 'sea.json')], {
      stdio: 'ignore',
    });
    copyFileSync(node, binary);
    chmodSync(binary, 0o755);
    execFileSync(
      process.execPath,
      [
        ...[toolScript('postject/dist/cli.js'), binary, 'NODE_SEA_BLOB', blob],
        ...['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'],
      ],
      { stdio: 'ignore' },
    );
    const env = { HOME: home, PATH: process.env['PATH'], ...at(server.address).env };
    const said = execFileSync(binary, { env, encoding: 'utf8', timeout: 30_000 });
    expect(said).toBe('done\n');
    await neverSends({ home }, server.connections);
    expect(readFileSync(started, 'utf8')).toBe('x'); // the app did not run a second time
    const later = createTestApp(FILES, { home });
    await later.run('cli.mjs', at(server.address));
    await eventually(() => server.accepted().length === 2, 'both reports');
  });

  it.each([
    ['1 GB', 1024],
    ['250 MB, just above the limit', 250],
  ])('is started by a host that uses %s', async (_name, megabytes) => {
    const server = await startFaultServer();
    const app = createTestApp({ 'cli.mjs': hostOf(megabytes) });
    expect(await app.run('cli.mjs', at(server.address))).toMatchObject({ stdout: 'true\n' });
    await neverSends(app, server.connections);
  });

  it('is started for the implicit endpoint', async () => {
    const app = createTestApp(FILES);
    await app.run('cli.mjs', { env: { HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' } });
    await neverSends(app, () => 0);
  });

  it('is started within the child, or by a program that finds itself in one', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    await app.run('cli.mjs', at(server.address, { HEADCOUNT_CHILD: '1' }));
    expect(outboxFiles(app.home)).toEqual([]);
    expect(server.connections()).toBe(0);
  });
});

function bundle(app: TestApp, outfile: string, format: 'esm' | 'cjs', entry = 'cli.mjs'): void {
  buildSync({
    entryPoints: [join(app.folder, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format,
    logLevel: 'error',
  });
}
