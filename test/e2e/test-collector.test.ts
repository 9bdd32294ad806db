import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestCollector, type TestCollector } from '../../src/testing.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';
import { startRecorder } from '../support/http-recorder.js';

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

async function start(): Promise<TestCollector> {
  const collector = await startTestCollector({ project: 'acme-cli' });
  onTestFinished(() => collector.close());
  return collector;
}

/** A program whose code names another collector, on a port of this machine too. */
const cli = (endpoint: string): string => `
  import { createHeadcount } from 'headcount';
  const headcount = createHeadcount({
    endpoint: ${JSON.stringify(endpoint)},
    events: { render: { description: 'A page.', fields: { cached: ['yes', 'no'] } } },
  });
  headcount.track();
  headcount.track('render', { cached: 'no' });
  console.log('done');`;

/** Runs a program as an app's own test does. */
const run = (app: TestApp, env: Record<string, string | undefined>) =>
  new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [join(app.folder, 'cli.mjs')], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('close', resolve);
  });

describe('a program with the variables of a test’s collector', () => {
  it('reports to it alone, whatever its code and the runner’s variables say', async () => {
    const real = await startRecorder();
    const collector = await start();
    const app = createTestApp({ 'cli.mjs': cli(real.address) });
    expect(process.env['VITEST']).toBeDefined();
    expect(await run(app, collector.env)).toBe(0);
    await collector.expectReported('startup');
    const report = await collector.expectReported('render', { cached: 'no' });
    expect(report).toMatchObject({ project: 'acme-cli', info: { version: '2.3.1' } });
    expect(collector.files()).not.toEqual([]);
    expect(real.requests).toEqual([]);
  });

  it('is off with DO_NOT_TRACK all the same', async () => {
    const collector = await start();
    const app = createTestApp({ 'cli.mjs': cli('https://stats.acme.invalid') });
    expect(await run(app, { ...collector.env, DO_NOT_TRACK: '1' })).toBe(0);
    await collector.expectOff({ withinMs: 1_000 });
  });

  it.each([
    'https://stats.acme.dev',
    'http://10.0.0.1:8081',
    'http://127.0.0.1:8081@acme.dev',
    'http://127.0.0.1:8081/path',
    'nonsense',
  ])(
    'is off if HEADCOUNT_TEST_COLLECTOR is %s, which is no port of this machine',
    async (value) => {
      const real = await startRecorder();
      const collector = await start();
      const code = `${cli(real.address)}
      const { mode, reason } = headcount.status();
      if (mode !== 'off' || reason !== 'endpoint-insecure') process.exitCode = 9;
      await headcount.flush();`;
      const app = createTestApp({ 'cli.mjs': code });
      expect(await run(app, { ...collector.env, HEADCOUNT_TEST_COLLECTOR: value })).toBe(0);
      expect([real.requests, collector.requests, collector.files()]).toEqual([[], [], []]);
    },
  );

  it('sends again what a collector did not take', async () => {
    const collector = await start();
    await collector.answer({ status: 503, retryAfterS: 1 }, { times: 1 });
    const app = createTestApp({
      'cli.mjs': `${cli('')} setTimeout(() => {}, 8_000);`.replace('endpoint: "",', ''),
    });
    const ended = run(app, collector.env);
    await collector.expectReported('render', {}, { withinMs: 20_000 });
    expect(collector.requests.map(({ status }) => status)).toContain(503);
    expect(await ended).toBe(0);
  });
});

/** A test of an app which it imports itself. */
const inProcess = (runner: string): string => `
  ${runner}
  import { startTestCollector } from 'headcount/testing';

  test('tells of renders', async () => {
    const collector = await startTestCollector();
    collector.applyTo(process.env);
    const { headcount } = await import('./app.mjs');
    await collector.expectNothing({ withinMs: 50 });
    headcount.track('render', { cached: 'no' });
    await headcount.flush();
    const { event } = await collector.expectReported('render', { cached: 'no' });
    if (event !== 'render') throw new Error(event);
    collector.expectDeclared(headcount);
    await headcount.close();
    await collector.close();
  });`;

const APP = `
  import { createHeadcount } from 'headcount';
  export const headcount = createHeadcount({
    project: 'acme-cli',
    endpoint: 'https://stats.acme.invalid',
    events: { render: { description: 'A page.', fields: { cached: ['yes', 'no'] } } },
  });`;

describe('an app that its test imports', () => {
  it('reports to the collector in node:test', async () => {
    const code = inProcess(`import { test } from 'node:test';`);
    const app = createTestApp({ 'app.mjs': APP, 'app.test.mjs': code });
    const file = join(app.folder, 'app.test.mjs');
    const ran = await runNode(file, app.home, { nodeArgs: ['--test'] });
    expect(ran.stdout).toMatch(/pass 1\n[^]*fail 0/);
    expect(ran.code).toBe(0);
  });

  it('reports to the collector in vitest', async () => {
    const code = inProcess(`import { test } from 'vitest';`);
    const app = createTestApp({ 'app.mjs': APP, 'app.test.mjs': code });
    mkdirSync(join(app.folder, 'node_modules', 'vitest'));
    const proxy = join(app.folder, 'node_modules', 'vitest');
    writeFileSync(
      join(proxy, 'package.json'),
      JSON.stringify({ name: 'vitest', type: 'module', exports: './index.js' }),
    );
    const real = fileURLToPath(new URL('../../node_modules/vitest/dist/index.js', import.meta.url));
    writeFileSync(join(proxy, 'index.js'), `export * from ${JSON.stringify(real)};`);
    const ran = await runNode(VITEST, app.home, {
      cwd: app.folder,
      args: ['run', '--root', app.folder],
      killAfterMs: 50_000,
      env: { NO_COLOR: '1' },
    });
    expect(ran.stdout).toMatch(/Tests +1 passed/);
    expect(ran.code).toBe(0);
  });
});
