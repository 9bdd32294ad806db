import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';

let collector: HttpRecorder;
beforeAll(async () => void (collector = await startHttpRecorder()));
afterAll(() => collector.close());

/** Calls everything that an app can call. Only `HeadcountError` may leave `createHeadcount()`. */
const CALL_ALL = `
  const hc = createHeadcount({
    project: 'acme-cli', version: '2.3.1', endpoint: ENDPOINT,
    events: { build: { description: 'A build was finished.', fields: { tool: ['vite'] } } },
  });
  hc.track('build', { tool: 'vite' });
  track();
  if (hc.time('build', () => 7) !== 7) throw new Error('time() lost the result');
  hc.status(); hc.notice();
  await hc.flush({ timeoutMs: 3000 });
  await hc.show(); await hc.diagnose();
  await hc.close({ timeoutMs: 3000 });
  hc.track();
  say('done');`;

const app = (prelude: string, isAfterImport = false, body = CALL_ALL) =>
  createTestApp({
    'before.cjs': `const { writeSync } = require('node:fs'); 
      exports.say = (text) => writeSync(1, text + '\\n');
      exports.process = process;
      exports.ENDPOINT = process.argv[2];
      process.on('unhandledRejection', (error) => exports.say('rejected: ' + error.stack));
      exports.remove = (from, name) => {
        Reflect.defineProperty(from, name, { value: undefined, configurable: true, writable: true });
        Reflect.deleteProperty(from, name);
      };`,
    'prelude.mjs': isAfterImport ? '' : `import { process } from './before.cjs'; ${prelude}`,
    // Node's own loader of ES modules cannot end with a frozen process.
    'cli.cjs': `const { ENDPOINT, say } = require('./before.cjs');
      ${isAfterImport ? '' : prelude}
      const { createHeadcount, track } = require('headcount');
      ${isAfterImport ? prelude : ''}
      (async () => { ${body} })();`,
    'cli.mjs': `import { ENDPOINT, process, say } from './before.cjs'; import './prelude.mjs';
      import { createHeadcount, track } from 'headcount';
      ${isAfterImport ? prelude : ''}
      ${body}`,
  });

async function runs(prelude: string, isAfterImport: boolean, options: RunOptions = {}) {
  const program = app(prelude, isAfterImport);
  const run = await program.run('cli.mjs', { args: [collector.address], ...options });
  return { program, stdout: run.stdout, stderr: run.stderr, code: run.code };
}

const FINE = { stdout: 'done\n', stderr: '', code: 0 };

const ENVIRONMENTS: Readonly<Record<string, string>> = {
  'values that are no texts': `process.env = { ...process.env, DO_NOT_TRACK: false, CI: 0, HOME: 7,
    NODE_ENV: null, HEADCOUNT_ENDPOINT: {}, VITEST: Symbol('x'), HEADCOUNT_ANONYMOUS_ID: [] };`,
  'no prototype': `process.env = Object.assign(Object.create(null), process.env);`,
  'a value that throws as text': `process.env = { ...process.env, DO_NOT_TRACK: { toString() { throw 1; } } };`,
  'a getter that throws': `process.env = { ...process.env, get DO_NOT_TRACK() { throw new Error('no'); } };`,
  'a proxy that throws': `process.env = new Proxy({}, { get() { throw new Error('no'); } });`,
  'a proxy whose every trap throws': `process.env = new Proxy({}, new Proxy({}, { get() { throw new Error('no'); } }));`,
  'a revoked proxy': `{ const r = Proxy.revocable({}, {}); r.revoke(); process.env = r.proxy; }`,
  frozen: `process.env = Object.freeze({ ...process.env });`,
  'a text': `process.env = 'DO_NOT_TRACK';`,
  undefined: `process.env = undefined;`,
  null: `process.env = null;`,
  deleted: `delete process.env;`,
};

const PROCESS_MEMBERS =
  'on once off addListener removeListener emit emitWarning getMaxListeners setMaxListeners exit kill pid ppid hrtime versions version argv argv0 execArgv execPath cwd chdir platform arch getuid geteuid getgid getegid getBuiltinModule memoryUsage permission features report release config umask stdin stdout stderr exitCode _exiting binding'.split(
    ' ',
  );

const GLOBALS =
  'fetch setTimeout clearTimeout setInterval setImmediate clearImmediate queueMicrotask URL URLSearchParams Buffer atob btoa structuredClone performance AbortController AbortSignal TextEncoder TextDecoder Event EventTarget MessageChannel Worker WebAssembly Intl crypto global process console'.split(
    ' ',
  );

const PLACES: Readonly<Record<string, string>> = {
  'Object.freeze(globalThis)': `Object.freeze(globalThis);`,
  'globalThis not extensible': `Object.preventExtensions(globalThis);`,
  'all intrinsics frozen': `
    const seen = new Set();
    const freeze = (value) => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
      seen.add(value); Object.freeze(value); freeze(Object.getPrototypeOf(value));
      for (const key of Reflect.ownKeys(value)) {
        const found = Object.getOwnPropertyDescriptor(value, key);
        freeze(found.value); freeze(found.get); freeze(found.set);
      }
    };
    for (const intrinsic of [Object, Function, Array, String, Number, Boolean, Symbol, Error, TypeError,
      RangeError, Promise, Map, Set, WeakMap, RegExp, Date, JSON, Math, Reflect, Proxy, BigInt,
      Uint8Array, ArrayBuffer, (function* () {}).constructor, (async () => {}).constructor]) freeze(intrinsic);`,
  'process.exit replaced': `process.exit = () => { throw new Error('exit'); }; process.reallyExit = process.exit;`,
  'a foreign value in the place of the instances': `globalThis[Symbol.for('headcount/v1')] = 'mine'; `,
  'listeners that throw': `process.on('newListener', () => { throw new Error('no listeners'); });`,
};

const remove = (from: string, name: string): string =>
  `(await import('./before.cjs')).default.remove(${from}, '${name}');`;

describe.each([
  ['before the import', false],
  ['after the import', true],
] as const)('nothing throws, %s:', (_when, isAfterImport) => {
  it.each(Object.entries(ENVIRONMENTS))('process.env is %s', async (_name, prelude) => {
    expect(await runs(prelude, isAfterImport)).toMatchObject(FINE);
  });

  it.each(Object.entries(PLACES))('%s', async (_name, prelude) => {
    expect(await runs(prelude, isAfterImport)).toMatchObject(FINE);
  });

  it.each(PROCESS_MEMBERS)('process.%s is deleted', async (member) => {
    expect(await runs(remove('process', member), isAfterImport)).toMatchObject(FINE);
  });

  it.each(GLOBALS)('globalThis.%s is removed', async (name) => {
    expect(await runs(remove('globalThis', name), isAfterImport)).toMatchObject(FINE);
  });
});

it.each([
  ['before the import', false],
  ['after the import', true],
])('nothing throws with globalThis and process frozen %s', async (_when, isAfterImport) => {
  const program = app(`Object.freeze(globalThis); Object.freeze(process);`, isAfterImport);
  const run = await program.run('cli.cjs', { args: [collector.address] });
  expect(run).toMatchObject(FINE);
});

const REMOVED_LATER: Record<string, string> = {
  'process.hrtime': `process.hrtime = undefined;`,
  'process.hrtime.bigint, which throws': `process.hrtime.bigint = () => { throw new Error('no'); };`,
  'performance.now, which throws': `performance.now = () => { throw new Error('no'); };`,
  'Date.now, which throws': `Date.now = () => { throw new Error('no'); };`,
  'process.pid, which throws': `Object.defineProperty(process, 'pid', { get() { throw new Error('no'); } });`,
};
for (const name of 'Math Map Number Promise Object Array String JSON Date Set Symbol Reflect Proxy Atomics SharedArrayBuffer Int32Array BigInt'.split(
  ' ',
)) {
  REMOVED_LATER[name] = `delete globalThis.${name};`;
}

describe('no method throws or rejects if this is removed after set-up:', () => {
  const body = (prelude: string): string => `
    const { stringify } = JSON;
    const hc = createHeadcount({ project: 'acme-cli', version: '2.3.1', endpoint: ENDPOINT,
      events: { build: { description: 'A build was finished.', timed: true } } });
    ${prelude}
    hc.track('build');
    if (hc.time('build', () => 7) !== 7) throw new Error('time() lost the result');
    if ((await hc.time('build', async () => 7)) !== 7) throw new Error('time() lost the result');
    const { mode, reason } = hc.status();
    if (mode !== 'on' && reason === undefined) throw new Error('status() gives no reason');
    hc.notice();
    const results = [await hc.flush({ timeoutMs: 1000 }), await hc.close({ timeoutMs: 1000 })];
    await hc.show(); await hc.proofs(); await hc.export(); await hc.diagnose(); await hc.forget(); await hc.optOut();
    say(stringify(results.map((result) => typeof result.sent)));`;

  it.each(Object.entries(REMOVED_LATER))('%s', async (_name, prelude) => {
    const program = app('', false, body(prelude));
    const { stdout, stderr, code } = await program.run('cli.cjs', { args: [collector.address] });
    expect({ stdout, stderr, code }).toEqual({ ...FINE, stdout: '["number","number"]\n' });
  });

  it.each(['pid'])('process.%s before it', async (name) => {
    const throws = `Object.defineProperty(process, '${name}', { get() { throw new Error('no'); } });`;
    expect(await runs(throws, false)).toMatchObject(FINE);
  });
});

describe('flush(), close() and status() count what is queued and what is lost:', () => {
  const body = (prelude: string): string => `
    const hc = createHeadcount({ project: 'acme-cli', version: '2.3.1', endpoint: 'http://127.0.0.1:9' });
    ${prelude}
    hc.track();
    const flushed = await hc.flush({ timeoutMs: 1000 });
    const { queued, sent, dropped } = hc.status();
    say(JSON.stringify([flushed, { queued, sent, dropped }, await hc.close({ timeoutMs: 1000 })]));`;

  it.each([
    [
      'a frozen process keeps the report in the outbox',
      'Object.freeze(process);',
      { sent: 0, queued: 1, dropped: 0 },
      { queued: 1, sent: 0, dropped: {} },
    ],
    [
      'fs.openSync throws, so that the report is in memory until files can be opened',
      `require('node:fs').openSync = () => { throw 1; };`,
      { sent: 0, queued: 1, dropped: 0 },
      { queued: 1, sent: 0, dropped: {} },
    ],
  ])('%s', async (_name, prelude, flushed, status) => {
    const { stdout, stderr, code } = await app('', false, body(prelude)).run('cli.cjs');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toEqual([flushed, status, flushed]);
  });
});

it('works with frozen intrinsics', async () => {
  const run = await runs('', false, { nodeArgs: ['--frozen-intrinsics', '--no-warnings'] });
  expect(run).toMatchObject(FINE);
});

describe('what still arrives', () => {
  it.each([
    [
      'DO_NOT_TRACK is false, not a text',
      `process.env = { ...process.env, DO_NOT_TRACK: false };`,
      3,
    ],
    [
      'DO_NOT_TRACK is true, not a text',
      `process.env = { ...process.env, DO_NOT_TRACK: true };`,
      0,
    ],
    ['DO_NOT_TRACK cannot be read', ENVIRONMENTS['a getter that throws'] ?? '', 0],
    ['nothing of the environment can be read', `process.env = undefined;`, 0],
    ['globalThis is frozen', `Object.freeze(globalThis);`, 3],
    ['process.on is gone', remove('process', 'on'), 3],
    ['setTimeout is gone', remove('globalThis', 'setTimeout'), 3],
  ])('%s', async (_name, prelude, reports) => {
    const before = collector.reports().length;
    expect(await runs(prelude, false)).toMatchObject(FINE);
    expect(collector.reports().length - before).toBe(reports);
  });
});

describe('createHeadcount() throws only HeadcountError, whatever it is given:', () => {
  it.each([
    `null`,
    `7`,
    `'acme'`,
    `[]`,
    `Symbol('x')`,
    `() => 1`,
    `new Proxy({}, { ownKeys() { throw new TypeError('no'); } })`,
    `new Proxy({}, new Proxy({}, { get() { throw new TypeError('no'); } }))`,
    `(() => { const r = Proxy.revocable({}, {}); r.revoke(); return r.proxy; })()`,
    `{ get project() { throw new TypeError('no'); } }`,
    `{ project: 'acme', get mode() { throw 7; } }`,
    `{ project: 'acme', events: { get build() { throw new TypeError('no'); } } }`,
    `{ project: 'acme', events: { build: new Proxy({}, { ownKeys() { throw 7; } }) } }`,
    `{ project: 'acme', events: { build: { description: 'B.', fields: { a: new Proxy([], { get() { throw 7; } }) } } } }`,
    `{ project: 'acme', storage: new Proxy({}, { get() { throw 7; } }) }`,
    `{ project: { toString() { throw 7; } } }`,
    `{ project: 'acme', endpoint: Object.create(null) }`,
    `{ project: 'acme', flushAt: 10n }`,
    `{ project: 'acme', [Symbol.for('headcount/declared-hash')]: 1, nonsense: 1 }`,
  ])('%s', async (options) => {
    const program = createTestApp({
      'cli.mjs': `import { createHeadcount, defineEvents, isHeadcountError } from 'headcount';
        const codes = [];
        for (const call of [() => createHeadcount(${options}), () => defineEvents((${options})?.events ?? 7)]) {
          try { call(); } catch (error) { codes.push(isHeadcountError(error) && error.code.slice(0, 14)); }
          if (codes.length > 0) break;
        }
        console.log(codes[0]);`,
    });
    const { stdout, stderr, code } = await program.run('cli.mjs');
    expect({ stdout, stderr, code }).toEqual({ stdout: 'HEADCOUNT_ERR_\n', stderr: '', code: 0 });
  });

  it('an option whose getter throws at second reading is read once', async () => {
    const program = createTestApp({
      'cli.mjs': `import { createHeadcount } from 'headcount';
        let reads = 0;
        const hc = createHeadcount({ get project() { if (++reads > 1) throw 7; return 'acme-cli'; } });
        hc.track(); console.log(hc.status().project);`,
    });
    expect(await program.run('cli.mjs')).toMatchObject({ stdout: 'acme-cli\n', code: 0 });
  });
});
