import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

let collector: HttpRecorder;
beforeAll(async () => void (collector = await startHttpRecorder()));
afterAll(() => collector.close());

/** Reports each kind of field and uses each method that reads options, files or answers. */
const USE = `
  const hc = createHeadcount({
    endpoint: process.argv[2],
    events: {
      build: {
        description: 'A build was finished.',
        fields: { tool: ['vite', 'webpack'], cached: field.boolean(), pages: field.count({ max: 9 }),
          size: field.bucket(10, 100), viteVersion: field.semver() },
      },
      plain: { description: 'Without fields.' },
      timed: { description: 'Timed.', timed: true },
    },
  });
  hc.track('build', { tool: 'vite', cached: true, pages: 3, size: 50, viteVersion: '6.0.0' });
  hc.track('plain');
  hc.track('build', { tool: 'no' });
  track();
  createHeadcount({ project: 'acme-cli', endpoint: process.argv[2], mode: 'on' });
  hc.notice();
  await hc.flush();
  const { mode, reason, consent, project, endpoint, dropped, droppedFields, error } = hc.status();
  writeSync(1, JSON.stringify({ mode, reason, consent, project, endpoint, dropped, droppedFields, error }));
  await hc.close();`;

const program = (prelude: string, isBefore: boolean, type: 'mjs' | 'cjs' = 'mjs') =>
  createTestApp({
    'pollute.cjs': isBefore ? prelude : '',
    'cli.mjs': `import { writeSync } from 'node:fs'; import './pollute.cjs';
      import { createHeadcount, field, track } from 'headcount'; ${isBefore ? '' : prelude} ${USE}`,
    'cli.cjs': `const { writeSync } = require('node:fs'); require('./pollute.cjs');
      const { createHeadcount, field, track } = require('headcount'); ${isBefore ? '' : prelude}
      (async () => { ${USE} })();`,
    [`type-${type}`]: '',
  });

/** What arrives, byte by byte, but for what no two runs have in common. */
async function requests(prelude: string, isBefore: boolean, type: 'mjs' | 'cjs' = 'mjs') {
  const before = collector.requests.length;
  const app = program(prelude, isBefore, type);
  const env = { HEADCOUNT_ANONYMOUS_ID: '00112233445566aa' };
  const { code, stdout, stderr } = await app.run(`cli.${type}`, { env, args: [collector.address] });
  const sent = collector.requests.slice(before).map(({ method, url, headers, body }) => {
    // The body may be compressed: then its length depends on the random report_id.
    return {
      method,
      url,
      headers: { ...headers, 'content-length': '' },
      body: sameInEachRun(body),
    };
  });
  return { code, stdout, stderr, sent };
}

const sameInEachRun = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/"owner":"[0-9a-f]+"/g, '"owner":"OWNER"');

/** Hostile values by the names of options, declarations, descriptors, files and answers. */
const VALUES: Readonly<Record<string, string>> = {
  project: `'evil'`,
  version: `'9.9.9'`,
  packageJson: `'/evil/package.json'`,
  endpoint: `'http://evil.example'`,
  allowInsecure: `true`,
  events: `{ evil: { description: 'Evil.' } }`,
  storage: `{ kind: 'file', folders: { config: '/tmp/evil', state: '/tmp/evil', outbox: '/tmp/evil' } }`,
  disabled: `true`,
  mode: `'off'`,
  notice: `'before-send'`,
  command: `'evil'`,
  inTests: `false`,
  flushIntervalMs: `86400000`,
  flushAt: `1`,
  exitUploadIntervalMs: `86400000`,
  exitBudgetMs: `5000`,
  extraCa: `'evil'`,
  ca: `'evil'`,
  kind: `'file'`,
  folders: `{ config: '/tmp/evil', state: '/tmp/evil', outbox: '/tmp/evil' }`,
  outbox: `'/tmp/evil'`,
  config: `'/tmp/evil'`,
  isPersistent: `false`,
  description: `'evil'`,
  fields: `{ evil: 'evil' }`,
  timed: `true`,
  values: `['evil']`,
  bounds: `[1]`,
  max: `1`,
  tool: `'webpack'`,
  telemetry: `'off'`,
  optOut: `true`,
  optIn: `true`,
  source: `'evil'`,
  rule: `'choice'`,
  timeoutMs: `0`,
  url: `'http://evil.example'`,
  form: `'single'`,
  implicit: `true`,
  fromEnvironment: `true`,
  foundIn: `'/tmp/evil'`,
  headcount: `{ endpoint: 'http://evil.example' }`,
  name: `'evil'`,
  retired: `1`,
  failures: `9`,
  notBeforeMs: `9e15`,
  nextAttemptMs: `9e15`,
  idSource: `'machine'`,
  isImplicit: `true`,
  sent: `7`,
  dropped: `{ retired: 1 }`,
  given_id: `'ffffffffffffffff'`,
  setup: `'evil'`,
  exit: `'evil'`,
  deferred: `'evil'`,
  bun: `'9.9'`,
  deno: `'9.9'`,
  scriptVariable: `'PATH'`,
  get: `'evil'`,
  set: `'evil'`,
  enumerable: `false`,
  configurable: `false`,
  anything: `'evil'`,
  DO_NOT_TRACK: `'1'`,
  HEADCOUNT_DISABLED: `'1'`,
  HEADCOUNT_ENDPOINT: `'http://evil.example'`,
  HEADCOUNT_CHILD: `'1'`,
  HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: `'9'`,
  ACME_CLI_TELEMETRY_DISABLED: `'1'`,
  NODE_ENV: `'test'`,
  VITEST: `'1'`,
  CI: `'1'`,
  GITHUB_ACTIONS: `'1'`,
  CLAUDECODE: `'1'`,
  describe: `() => 1`,
};

const pollute = (name: string, value: string): string =>
  `Object.defineProperty(Object.prototype, '${name}', { __proto__: null, value: ${value}, writable: true, enumerable: true, configurable: true });`;

describe('a polluted Object.prototype changes nothing that is sent or decided:', () => {
  let unpolluted: Awaited<ReturnType<typeof requests>> | undefined;

  it.each(Object.entries(VALUES))('%s', async (name, value) => {
    const expected = (unpolluted ??= await requests('', false));
    expect(expected).toMatchObject({ code: 0, stderr: '', sent: [{ method: 'POST' }] });
    expect(await requests(pollute(name, value), true)).toEqual(expected);
    expect(await requests(pollute(name, value), false)).toEqual(expected);
    expect(await requests(pollute(name, value), true, 'cjs')).toEqual(expected);
  });
});

it.each([
  ['value', `'evil'`],
  ['writable', `false`],
  ['error', `'evil'`],
])('where Node itself fails (%s), nothing throws and a later run delivers', async (name, value) => {
  const use = `import './pollute.cjs';
    import { track } from 'headcount'; track();`;
  const app = createTestApp({
    'pollute.cjs': pollute(name, value),
    'cli.mjs': use,
    'later.mjs': `import { track } from 'headcount'; track();`,
  });
  const env = { HEADCOUNT_ENDPOINT: collector.address };
  const before = collector.reports().length;
  expect(await app.run('cli.mjs', { env })).toMatchObject({ code: 0, stdout: '', stderr: '' });
  await app.run('later.mjs', { env });
  await eventually(() => collector.reports().length === before + 2, 'both reports');
});

it('no option of a public function comes from Object.prototype', async () => {
  const evil = `${tempFolder('evil')}/evil`;
  const pollution = { folder: evil, max: 3, timeoutMs: 0, description: 'Evil.', timed: true };
  const told = `
    const count = (limits) => {
      try { return defineEvents({ build: { description: 'B.', fields: { n: field.count(limits) } } }); }
      catch (error) { return error.code; }
    };
    const bare = () => { try { return defineEvents({ build: {} }); } catch (error) { return error.code; } };
    const requests = [fileStorage(), fileStorage({}), fileStorage(null)];
    const hc = createHeadcount({ endpoint: process.argv[2], storage: fileStorage({}) });
    hc.track();
    const { sent } = await hc.flush({});
    const lines = [];
    const terminal = { out: (...out) => lines.push(...out), err: (...out) => lines.push(...out) };
    await runCommand(hc, ['help'], { terminal });
    await hc.close({});
    writeSync(1, JSON.stringify([requests, count(), count({}), bare(), sent, lines[0].split('\\n')[0]]));`;
  const app = createTestApp({
    'cli.mjs': `import { writeSync } from 'node:fs';
      import { createHeadcount, defineEvents, field, fileStorage } from 'headcount';
      import { runCommand } from 'headcount/cli';
      for (const [name, value] of Object.entries(${JSON.stringify({ ...pollution, name: 'evil' })})) {
        Object.defineProperty(Object.prototype, name, { __proto__: null, value, writable: true, configurable: true });
      }
      ${told}`,
  });
  const { stdout, stderr } = await app.run('cli.mjs', { args: [collector.address] });
  expect(stderr).toBe('');
  const invalid = 'HEADCOUNT_ERR_INVALID_OPTION';
  const request = { kind: 'file' };
  expect(JSON.parse(stdout)).toEqual([
    [request, request, request],
    invalid,
    invalid,
    invalid,
    1,
    'Usage: npx headcount --project acme-cli <command> [--json]',
  ]);
  expect(existsSync(evil)).toBe(false);
});

/**
 * `then` is read by `await`, and `return` by each loop that ends early: the language has it so. With
 * the members of a property's description on the prototype, Node itself fails.
 */
const OF_THE_LANGUAGE = ['then', 'return', 'value', 'writable', 'get', 'set'];

it('no property of ours is ever read from Object.prototype', async () => {
  const files = ['index.js', 'setup.cjs', 'deferred.cjs', 'exit.cjs'];
  const dist = new URL('../../dist/', import.meta.url);
  const code = files.map((file) => readFileSync(new URL(file, dist), 'utf8')).join('\n');
  const names = [...new Set(code.match(/[A-Za-z_$][\w$]*/g))].filter(
    (name) => !(name in Object.prototype) && !OF_THE_LANGUAGE.includes(name),
  );
  expect(names.length).toBeGreaterThan(1_000);
  const prelude = `
    const { writeSync } = require('node:fs');
    const read = new Set();
    let isReading = false;
    for (const name of ${JSON.stringify(names)}) {
      Object.defineProperty(Object.prototype, name, {
        __proto__: null,
        configurable: true,
        get() {
          if (isReading) return undefined;
          isReading = true;
          const [, , caller = ''] = new Error().stack.split('\\n');
          const found = /\\/dist\\/(index|setup|deferred|exit)\\./.test(caller) ? name + caller + '\\n' : '';
          if (!read.has(found)) writeSync(1, found); // at once: some is read when all else has ended
          read.add(found);
          isReading = false;
          return undefined;
        },
        set(value) {
          Object.defineProperty(this, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
        },
      });
    }`;
  const app = createTestApp({
    'pollute.cjs': prelude,
    'cli.mjs': `import './pollute.cjs'; import { createHeadcount, field, track } from 'headcount';
      const writeSync = () => 0; ${USE}`,
  });
  const before = collector.requests.length;
  const run = await app.run('cli.mjs', { args: [collector.address] });
  expect(collector.requests.length).toBeGreaterThan(before);
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
});
