import { describe, expect, it } from 'vitest';
import { expectAllArriveOnce, TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';

const TRACK = `import { track } from 'headcount'; track();`;
const env = (address: string): Record<string, string> => ({
  HEADCOUNT_ENDPOINT: address,
  HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
});

interface End {
  readonly name: string;
  readonly files?: Record<string, string>;
  readonly code: string;
  readonly options?: RunOptions;
  /** How many reports one run tracks. */
  readonly reports?: number;
}

const STAY = `setInterval(() => undefined, 1e6); console.log('ready');`;
const ENDS: End[] = [
  { name: 'returns', code: `${TRACK} console.log('done');` },
  { name: 'calls process.exit(3)', code: `${TRACK} console.log('done'); process.exit(3);` },
  { name: 'throws', code: `${TRACK} console.log('done'); throw new Error('on purpose');` },
  {
    name: 'rejects without a handler',
    code: `${TRACK} console.log('done'); Promise.reject(new Error('on purpose'));`,
  },
  { name: 'gets SIGTERM', code: TRACK + STAY, options: { signalOnOutput: 'SIGTERM' } },
  { name: 'gets SIGINT', code: TRACK + STAY, options: { signalOnOutput: 'SIGINT' } },
  {
    name: 'handles SIGTERM itself',
    code: `${TRACK} process.on('SIGTERM', () => process.exit(5)); ${STAY}`,
    options: { signalOnOutput: 'SIGTERM' },
  },
  { name: 'is killed right after track()', code: `${TRACK} process.kill(process.pid, 'SIGKILL');` },
  { name: 'calls process.abort()', code: `${TRACK} process.abort();` },
  {
    name: 'tracks in a worker thread',
    files: {
      'thread.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount({ packageJson: import.meta.url }).track(); console.log('in a thread');`,
    },
    code: `import { Worker } from 'node:worker_threads';
      new Worker(new URL('./thread.mjs', import.meta.url)).on('exit', (code) => console.log(code));`,
  },
  {
    name: 'calls process.exit(4) in a worker thread',
    files: {
      'thread.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount({ packageJson: import.meta.url }).track(); process.exit(4);`,
    },
    code: `import { Worker } from 'node:worker_threads';
      new Worker(new URL('./thread.mjs', import.meta.url)).on('exit', (code) => console.log(code));`,
  },
  {
    name: 'has a worker thread that it terminates',
    files: {
      'thread.mjs': `import { parentPort } from 'node:worker_threads';
        import { createHeadcount } from 'headcount';
        createHeadcount({ packageJson: import.meta.url }).track(); parentPort.postMessage('tracked');
        setInterval(() => undefined, 1e6);`,
    },
    code: `import { Worker } from 'node:worker_threads';
      const worker = new Worker(new URL('./thread.mjs', import.meta.url));
      worker.once('message', async () => { await worker.terminate(); console.log('terminated'); });`,
  },
  {
    name: 'is a cluster of 8 workers',
    code: `import cluster from 'node:cluster';
      import { track } from 'headcount';
      if (cluster.isPrimary) {
        let left = 8;
        const codes = [];
        cluster.on('exit', (worker, code) => {
          codes.push(code);
          if (--left === 0) console.log(codes.join());
        });
        for (let i = 0; i < 8; i += 1) cluster.fork();
      } else { track(); cluster.worker.disconnect(); }`,
    reports: 8,
    options: { killAfterMs: 40_000 },
  },
  {
    name: 'forks a child that tracks',
    files: { 'child.mjs': `${TRACK} process.send('tracked'); process.disconnect();` },
    code: `import { fork } from 'node:child_process';
      const child = fork(new URL('./child.mjs', import.meta.url));
      child.on('message', (said) => console.log(said)).on('exit', (code) => console.log(code));`,
  },
  {
    name: 'loads the package itself in a vm context, as test runners do',
    code: `import { createRequire } from 'node:module'; import { readFileSync } from 'node:fs';
      import vm from 'node:vm';
      const require = createRequire(import.meta.url);
      const filename = require.resolve('headcount');
      const context = vm.createContext({ process, console });
      const load = vm.compileFunction(
        readFileSync(filename, 'utf8'),
        ['exports', 'require', 'module', '__filename', '__dirname'],
        { parsingContext: context, filename },
      );
      const path = filename.replace(/.index.cjs$/, '');
      const module = { exports: {}, path };
      load(module.exports, require, module, filename, path);
      module.exports.track(); console.log('done');`,
  },
  {
    name: 'loads the package itself in a vm context as an ES module',
    code: `import vm from 'node:vm'; import { readFileSync } from 'node:fs';
      import { fileURLToPath } from 'node:url';
      const url = import.meta.resolve('headcount');
      const context = vm.createContext({ process, console });
      const module = new vm.SourceTextModule(readFileSync(fileURLToPath(url), 'utf8'), {
        context, identifier: url, initializeImportMeta: (meta) => void (meta.url = url),
      });
      await module.link(async (name) => {
        const builtin = await import(name);
        const names = Object.keys(builtin);
        return new vm.SyntheticModule(names, function () {
          for (const one of names) this.setExport(one, builtin[one]);
        }, { context });
      });
      await module.evaluate();
      module.namespace.track(); console.log('done');`,
    options: { nodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'] },
  },
  {
    name: 'tracks in a vm context',
    code: `import { track } from 'headcount'; import vm from 'node:vm';
      vm.runInNewContext('track()', vm.createContext({ track })); console.log('done');`,
  },
];

describe('a program that', () => {
  it.each(ENDS)('$name ends as it would without Headcount, and loses nothing', async (end) => {
    const { code, files, options = {}, reports = 1 } = end;
    const server = await startFaultServer();
    const all = { 'cli.mjs': code, 'later.mjs': TRACK_ONCE, ...files };
    const pair = createAppPair(all);
    const given = { ...options, env: env(server.address) };
    await expectSameAsWithout(pair, 'cli.mjs', given, 2);
    await expectAllArriveOnce({
      app: pair.real,
      accepted: server.accepted,
      tracked: 2 * reports,
      options: { env: env(server.address) },
    });
  });

  it.each([
    ['ends by itself', ''],
    ['calls process.exit()', 'process.exit(2);'],
  ])(
    'first tracks in an exit listener of its own and %s is reported all the same',
    async (_, end) => {
      const server = await startFaultServer();
      const code = `import { track } from 'headcount';
      process.on('exit', () => { track(); track(); console.log('done'); }); ${end}`;
      const pair = createAppPair({ 'cli.mjs': code });
      await expectSameAsWithout(pair, 'cli.mjs', { env: env(server.address) }, 1);
      await eventually(() => server.accepted().length === 2, 'both reports, by no later run');
    },
  );

  it('is killed right after track() has its report delivered by the next run', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'killed.mjs': `${TRACK} process.kill(process.pid, 'SIGKILL');`,
      'later.mjs': TRACK_ONCE,
    });
    await app.run('killed.mjs', { env: env(server.address) });
    expect(server.connections()).toBe(0);
    const options = { env: env(server.address) };
    await expectAllArriveOnce({ app, accepted: server.accepted, tracked: 1, options });
    expect(server.accepted()).toHaveLength(2);
  });
});

describe('on another release of Node.js', () => {
  it.each(['20.18', '22', '24'] as const)('%s, all arrives once', async (release) => {
    const server = await startFaultServer();
    const options = { env: env(server.address), node: nodeRelease(release) };
    const pair = createAppPair({
      'cli.mjs': TRACK_ONCE,
      'cli.cjs': `require('headcount').track(); console.log('done');`,
      'later.mjs': TRACK_ONCE,
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(); headcount.track(); await headcount.close();
        console.log('done');`,
    });
    await expectSameAsWithout(pair, 'cli.mjs', options, 2);
    await expectSameAsWithout(pair, 'cli.cjs', options, 2);
    expect(await pair.real.run('server.mjs', options)).toMatchObject({
      code: 0,
      stdout: 'done\n',
      stderr: '',
    });
    await expectAllArriveOnce({
      app: pair.real,
      accepted: server.accepted,
      tracked: 5,
      options,
    });
  });
});

const RIGHTS: [string, string[]][] = [
  ['no right but to read', ['--allow-fs-read=*']],
  ['the right to write', ['--allow-fs-read=*', '--allow-fs-write=*']],
  [
    'the rights to write and to start threads',
    ['--allow-fs-read=*', '--allow-fs-write=*', '--allow-worker'],
  ],
  [
    'every right it would like',
    ['--allow-fs-read=*', '--allow-fs-write=*', '--allow-worker', '--allow-child-process'],
  ],
];

describe('under the permission model', () => {
  const cases = (['20.18', '22', '24'] as const).flatMap((release) =>
    RIGHTS.map(([name, rights]) => ({ release, name, rights })),
  );
  it.each(cases)('of Node.js $release with $name, nothing is hurt', async ({ release, rights }) => {
    const server = await startFaultServer();
    const flag = release === '20.18' ? '--experimental-permission' : '--permission';
    const nodeArgs = [flag, ...rights];
    const options = { env: env(server.address), node: nodeRelease(release), nodeArgs };
    const pair = createAppPair({
      'cli.mjs': TRACK_ONCE,
      'later.mjs': TRACK_ONCE,
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 }); headcount.track();
        setTimeout(async () => { await headcount.close(); console.log('done'); }, 500);`,
    });
    await expectSameAsWithout(pair, 'cli.mjs', options, 2);
    await expectSameAsWithout(pair, 'server.mjs', options, 1);
    // What the disk could keep comes with a run that may do everything.
    const free = { env: env(server.address), node: nodeRelease(release) };
    if (rights.includes('--allow-fs-write=*')) {
      await expectAllArriveOnce({
        app: pair.real,
        accepted: server.accepted,
        tracked: 3,
        options: free,
      });
    } else {
      const before = server.accepted().length;
      await pair.real.run('later.mjs', free);
      await eventually(() => server.accepted().length > before, 'the report of a free run');
    }
  });
});
