import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpRecorder } from '../support/http-recorder.js';
import { removeFolder, tempFolder } from '../support/temp-folder.js';

const pinned = fileURLToPath(new URL('runners/', import.meta.url));
const repo = fileURLToPath(new URL('../../', import.meta.url));

/** Kept, so that only the first run downloads the runners. */
const cache = join(repo, 'node_modules/.cache/npm');

/** An app with every runner installed, and this package as built. */
let app: string;
beforeAll(() => {
  app = realpathSync(mkdtempSync(join(tmpdir(), 'headcount-runners-')));
  for (const name of ['package.json', 'package-lock.json'])
    cpSync(join(pinned, name), join(app, name));
  const args = ['ci', '--no-audit', '--no-fund', '--prefer-offline', `--cache=${cache}`];
  const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' };
  const installed = spawnSync('npm', args, { cwd: app, env, encoding: 'utf8' });
  expect({ code: installed.status, stderr: installed.stderr }).toMatchObject({ code: 0 });
  symlinkSync(repo, join(app, 'node_modules/headcount'), 'dir');
}, 600_000);

afterAll(() => removeFolder(app));

/** Tracks one event, and writes the decision to the file that STATUS names. */
const TRACK = `
  const { appendFileSync } = require('node:fs');
  const { createHeadcount } = require('headcount');
  const headcount = createHeadcount({ project: 'acme-cli', version: '2.3.1' });
  headcount.track();
  const { mode, consent } = headcount.status();
  appendFileSync(process.env.STATUS, JSON.stringify({ mode, ...consent }) + '\\n');`;

interface Run {
  readonly file: string;
  readonly text: string;
  readonly command: readonly string[];
}

const bin = (name: string, ...args: string[]): string[] => [`node_modules/.bin/${name}`, ...args];

const RUNS: Readonly<Record<string, Run>> = {
  'mocha, serial': {
    file: 'a.cjs',
    text: `it('is', () => {TRACK});`,
    command: bin('mocha', 'a.cjs'),
  },
  'mocha with flags of Node': {
    file: 'a.cjs',
    text: `it('is', () => {TRACK});`,
    command: bin('mocha', '--expose-gc', 'a.cjs'),
  },
  'mocha, parallel': {
    file: 'a.cjs',
    text: `it('is', () => {TRACK});`,
    command: bin('mocha', '--parallel', 'a.cjs', 'b.cjs'),
  },
  'mocha in a program of the app': {
    file: 'run.cjs',
    text: `const M = require('mocha'); const m = new (M.default ?? M.Mocha)(); m.suite.emit('pre-require', global, '', m); describe('x', () => it('is', () => {TRACK})); m.run();`,
    command: ['node', 'run.cjs'],
  },
  jasmine: { file: 'a.cjs', text: `it('is', () => {TRACK});`, command: bin('jasmine', 'a.cjs') },
  tape: {
    file: 'a.cjs',
    text: `require('tape')('is', (t) => {TRACK; t.end()});`,
    command: bin('tape', 'a.cjs'),
  },
  'tape by node test.js': {
    file: 'test.js',
    text: `require('tape')('is', (t) => {TRACK; t.end()});`,
    command: ['node', 'test.js'],
  },
  uvu: {
    file: 'unit/a.cjs',
    text: `const { test } = require('uvu'); test('is', () => {TRACK}); test.run();`,
    command: bin('uvu', 'unit', 'a.cjs'),
  },
  'uvu by node': {
    file: 'a.cjs',
    text: `const { test } = require('uvu'); test('is', () => {TRACK}); test.run();`,
    command: ['node', 'a.cjs'],
  },
  tap: {
    file: 'a.cjs',
    text: `require('tap').test('is', (t) => {TRACK; t.end()});`,
    command: bin('tap', '--disable-coverage', '--allow-empty-coverage', 'a.cjs'),
  },
  ava: {
    file: 'a.test.cjs',
    text: `require('ava')('is', (t) => {TRACK; t.pass()});`,
    command: bin('ava', 'a.test.cjs'),
  },
  'ava in processes': {
    file: 'a.test.cjs',
    text: `require('ava')('is', (t) => {TRACK; t.pass()});`,
    command: bin('ava', '--no-worker-threads', 'a.test.cjs'),
  },
  playwright: {
    file: 'a.spec.cjs',
    text: `require('@playwright/test').test('is', () => {TRACK});`,
    command: bin('playwright', 'test', 'a.spec.cjs'),
  },
  qunit: {
    file: 'a.cjs',
    text: `QUnit.test('is', (a) => {TRACK; a.ok(1)});`,
    command: bin('qunit', 'a.cjs'),
  },
  lab: {
    file: 'a.cjs',
    text: `const { test } = exports.lab = require('@hapi/lab').script(); test('is', () => {TRACK});`,
    command: bin('lab', '-e', 'production', 'a.cjs'),
  },
  'node --test': {
    file: 'a.test.cjs',
    text: `require('node:test').test('is', () => {TRACK});`,
    command: ['node', '--test', 'a.test.cjs'],
  },
  'node:test by node': {
    file: 'a.cjs',
    text: `require('node:test').test('is', () => {TRACK});`,
    command: ['node', 'a.cjs'],
  },
  'a program that a test of node --test starts': {
    file: 'a.test.cjs',
    text: `require('node:test').test('is', () => { require('node:child_process').execFileSync('node', ['program.cjs']); });`,
    command: ['node', '--test', 'a.test.cjs'],
  },
};

/** Runs a command in the app, and returns what each program in it decided. */
function decisions(
  { file, text, command }: Run,
  NODE_ENV: string,
  endpoint: string,
  more: Readonly<Record<string, string>> = {},
): unknown[] {
  const folder = tempFolder('run');
  symlinkSync(join(app, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const files = {
    'package.json': '{"name":"acme-app","version":"1.0.0"}',
    'b.cjs': `it('is', () => undefined);`,
    'program.cjs': TRACK,
    [file]: text.replace('TRACK', TRACK),
    ...more,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const status = join(folder, 'status');
  writeFileSync(status, '');
  const [program = '', ...args] = command;
  const node = program === 'node' ? process.execPath : join(folder, program);
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, STATUS: status, NODE_ENV, HEADCOUNT_ENDPOINT: endpoint };
  const run = spawnSync(node, args, { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
  const lines = readFileSync(status, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  expect(lines.length, run.stdout + run.stderr).toBeGreaterThan(0);
  return lines.map((line) => JSON.parse(line) as unknown);
}

describe('telemetry is off in tests run by', () => {
  it.each(Object.entries(RUNS))('%s', async (_name, run) => {
    const collector = await startHttpRecorder();
    // A value that is not `test`: the runner itself must show.
    for (const decided of decisions(run, 'production', collector.address)) {
      expect(decided).toMatchObject({ mode: 'off', rule: 'test-runner' });
    }
    expect(collector.requests).toEqual([]);
    await collector.close();
  });
});

/** The patterns of https://nodejs.org/api/test.html, and other usual names. */
const NAMED_AS_TESTS = [
  ...['a.test.cjs', 'a-test.cjs', 'a_test.cjs', 'test-a.cjs', 'test.cjs', 'test.js'],
  ...['test/a.cjs', 'test/unit/a.js', 'lib/test/a.cjs', 'tests/a.cjs', 'spec/a.cjs'],
  ...['__tests__/a.cjs', 'src/__tests__/a.js', 'tests.cjs', 'spec.cjs', 'a-spec.cjs', 'a.spec.cjs'],
];

describe('telemetry is off in a script that node runs', () => {
  const node = (file: string, text = 'TRACK'): Run => ({ file, text, command: ['node', file] });
  const off = [{ mode: 'off', rule: 'test-runner' }];

  it.each(NAMED_AS_TESTS)('%s', (file) => {
    expect(decisions(node(file), 'production', 'http://127.0.0.1:9')).toMatchObject(off);
  });

  it('t/a.cjs that loads tape', () => {
    const text = `require('tape')('is', (t) => {TRACK; t.end()});`;
    const decided = decisions(node('t/a.cjs', text), 'production', 'http://127.0.0.1:9');
    expect(decided).toMatchObject(off);
  });

  it('test/a.cjs in a folder without a package.json', () => {
    const run = node('test/a.cjs', `require('node:fs').rmSync('package.json'); TRACK`);
    expect(decisions(run, 'production', 'http://127.0.0.1:9')).toMatchObject(off);
  });

  it.each(['TEST', 'Test'])('with NODE_ENV=%s', (NODE_ENV) => {
    expect(decisions(node('cli.cjs'), NODE_ENV, 'http://127.0.0.1:9')).toMatchObject([
      { mode: 'off', rule: 'test-runner', source: 'NODE_ENV' },
    ]);
  });
});

describe('telemetry stays on in', () => {
  const program = (file: string, text = 'TRACK'): Run => ({ file, text, command: ['node', file] });
  it.each([
    ['an app that has the runners installed', program('cli.cjs')],
    [
      'an app that loads tape without running it',
      program('cli.cjs', `require('mocha/package.json'); TRACK`),
    ],
    ['an app whose script is named as a runner', program('mocha.cjs')],
    ['a script without an ending', program('bin/tap')],
    ['a folder named as a runner', program('ava/cli.cjs')],
    [
      'an app in a folder named test',
      program('test/app/cli.cjs'),
      { 'test/app/package.json': '{}' },
    ],
    ['a program with test in its name', program('speedtest.cjs')],
    ['a folder with test in its name', program('contest/cli.cjs')],
    ['a folder named t', program('t/cli.cjs')],
    [
      'a command that is named as a test',
      program('speed-test.cjs'),
      { 'package.json': '{"bin":{"speed-test":"./speed-test.cjs"}}' },
    ],
    ['an installed program in a folder test', program('lib/node_modules/acme/test/cli.js')],
    ['a program with a name that begins so', program('testify.cjs')],
    ['an installed program named test', program('lib/node_modules/acme/test.js')],
    [
      'an installed program in a folder named as a runner',
      program('lib/node_modules/acme/mocha/mocha.js'),
    ],
    ['an installed package whose name begins so', program('lib/node_modules/mocha-like/bin/mocha')],
    ['a package of another scope', program('lib/node_modules/@acme/tap/cli.js')],
  ] as [string, Run, Record<string, string>?][])('%s', (_name, run, more) => {
    expect(decisions(run, 'production', 'http://127.0.0.1:9', more)).toEqual([
      { mode: 'on', rule: 'default' },
    ]);
  });

  it('an app that says so', () => {
    const text = `TRACK`;
    const run = { file: 'test.js', text, command: ['node', 'test.js'] };
    expect(decisions(run, 'production', 'http://127.0.0.1:9')).toMatchObject([
      { source: 'test.js' },
    ]);
    const inTests = `require('headcount').createHeadcount({ project: 'acme-cli', inTests: true }); TRACK`;
    expect(decisions({ ...run, text: inTests }, 'production', 'http://127.0.0.1:9')).toMatchObject([
      { mode: 'on' },
    ]);
  });
});
