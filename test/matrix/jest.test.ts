import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { createTestApp, runNode } from '../support/run-app.js';

const TOOLS = join(tmpdir(), 'headcount-jest-tools');

beforeAll(() => {
  const script = fileURLToPath(new URL('../../scripts/install-matrix-tools.sh', import.meta.url));
  execFileSync('sh', [script, TOOLS, 'jest'], { stdio: ['ignore', 'ignore', 'inherit'] });
});

/** The test of an app in CommonJS, as its author writes it. */
const TEST = `
  const { startTestCollector } = require('headcount/testing');

  let collector;
  let headcount;
  beforeAll(async () => {
    collector = await startTestCollector();
    collector.applyTo(process.env);
    ({ headcount } = require('./app.cjs'));
  });
  afterAll(async () => {
    await headcount.close();
    await collector.close();
  });

  test('tells of renders', async () => {
    headcount.track('render', { cached: 'no' });
    await headcount.flush();
    await collector.expectReported('render', { cached: 'no' });
    collector.expectDeclared(headcount);
  });

  test('shows what came instead', async () => {
    await expect(collector.expectReported('render', { cached: 'yes' }, { withinMs: 10 })).rejects
      .toThrow('render { cached: "no" }');
  });

  test('fails as it must', () => collector.expectReported('render', { cached: 'yes' }, { withinMs: 10 }));`;

const APP = `
  const { createHeadcount } = require('headcount');
  exports.headcount = createHeadcount({
    project: 'acme-cli',
    endpoint: 'https://stats.acme.invalid',
    events: { render: { description: 'A page.', fields: { cached: ['yes', 'no'] } } },
  });`;

it('headcount/testing works in jest, which shows the difference of a failure', async () => {
  const app = createTestApp({ 'app.cjs': APP, 'app.test.cjs': TEST });
  const ran = await runNode(join(TOOLS, 'node_modules/jest/bin/jest.js'), app.home, {
    cwd: app.folder,
    args: ['--rootDir', app.folder, '--ci', '--testMatch', join(app.folder, '*.test.cjs')],
    killAfterMs: 90_000,
    env: { NO_COLOR: '1' },
  });
  expect(ran.stderr).toMatch(/Tests: +1 failed, 2 passed, 3 total/);
  expect(ran.stderr).toMatch(/-\s+"cached": "yes"[^]*\+\s+"cached": "no"/);
  expect(ran.code).toBe(1);
});
