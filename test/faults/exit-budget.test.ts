import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  answering,
  byteByByte,
  type FaultServer,
  silent,
  startFaultServer,
} from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp, type Finished, type RunOptions, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const BUDGET_MS = 700;
/** Enough to deliver on any machine. */
const PATIENT_MS = 5_000;
/** What loading our code and the scheduling of a busy machine may add. */
const TOLERANCE_MS = 400;

/** Reports once, and prints how long the listeners of its exit took. */
const cli = (body: string, budgetMs = BUDGET_MS): string => `
  let began;
  process.on('exit', () => { began = performance.now(); });
  const { createHeadcount } = require('headcount');
  const headcount = createHeadcount({ exitBudgetMs: ${budgetMs}, flushIntervalMs: 20 });
  headcount.track();
  ${body}
  process.on('exit', () => { console.log(Math.round(performance.now() - began)); });`;
const FILES = {
  'cli.cjs': cli(''),
  'patient.cjs': cli('', PATIENT_MS),
  'patient-exit.cjs': cli(`setTimeout(() => process.exit(3));`, PATIENT_MS),
  'exit.cjs': cli(`setTimeout(() => process.exit(3));`),
  'without-atomics.cjs': cli('globalThis.Atomics = globalThis.SharedArrayBuffer = undefined;'),
  'past.cjs': cli('Date.now = () => 0;'),
  'future.cjs': cli('Date.now = () => 4e12;'),
  'late.cjs': cli(`process.on('exit', () => { headcount.track(); headcount.track(); });`),
  'sending.cjs': cli(
    `
    const { request } = require('node:http');
    const look = () => request(process.env.ASK, (answer) => {
      answer.setEncoding('utf8').on('data', (seen) => seen === '1' ? process.exit() : look());
    }).end();
    look();`,
    PATIENT_MS,
  ),
};

/** Node.js under another name, as in a single executable: it cannot be told to run a script. */
function renamed(release: '20.18' | '24'): string {
  const node = join(tempFolder('node'), 'acme');
  linkSync(nodeRelease(release), node);
  return node;
}

/** Another process, called `name`, is the first of the namespace, and ends with the program. */
const underInit = (name: string): string[] => [
  ...['unshare', '--pid', '--fork', '--mount-proc'],
  ...['sh', '-c', `printf ${name} > /proc/$$/comm; "$@"; exit $?`, 'sh'],
];

const run = (
  app: TestApp,
  script: string,
  { address }: Pick<FaultServer, 'address'>,
  { env, ...more }: RunOptions = {},
): Promise<Finished> =>
  app.run(script, {
    node: renamed('20.18'),
    ...more,
    env: { HEADCOUNT_ENDPOINT: address, ...env },
  });

/** How long the exit took. Nothing else is printed. */
function waitedMs({ stdout, stderr }: Finished): number {
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\d+\n$/);
  return Number(stdout);
}

describe('a program that waits in its exit', () => {
  it.each(['20.18', '24'] as const)('delivers, and ends as it would (Node.js %s)', async (name) => {
    const node = renamed(name);
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const run1 = await run(app, 'patient.cjs', server, { node });
    expect([run1.code, waitedMs(run1) < PATIENT_MS]).toEqual([0, true]);
    const run2 = await run(app, 'patient-exit.cjs', server, { node });
    expect([run2.code, waitedMs(run2) < PATIENT_MS]).toEqual([3, true]);
    expect(server.accepted()).toHaveLength(2);
    expect(outboxFiles(app.home).filter((file) => file.includes('ready'))).toEqual([]);
  });

  it.each([
    ['that never answers', (server: FaultServer) => void server.become(silent)],
    ['whose port is closed', (server: FaultServer) => server.refuse()],
    ['that is slow', (server: FaultServer) => void server.become(byteByByte)],
  ])('ends within its budget with a collector %s, and loses nothing', async (_name, spoil) => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    await spoil(server);
    const failed = await run(app, 'exit.cjs', server);
    expect(failed.code).toBe(3);
    expect(waitedMs(failed)).toBeLessThan(BUDGET_MS + TOLERANCE_MS);
    // The next run does not wait for what may not be tried yet, and loses nothing either.
    expect(waitedMs(await run(app, 'cli.cjs', server))).toBeLessThan(BUDGET_MS + TOLERANCE_MS);
    await server.heal();
    await expect
      .poll(
        async () => {
          await run(app, 'cli.cjs', server);
          return server.accepted().length;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBeGreaterThanOrEqual(3);
    const ids = server.accepted().map(({ report_id }) => report_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shares its budget with reports that are made in its exit', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp(FILES);
    const run1 = await run(app, 'late.cjs', server);
    expect(waitedMs(run1)).toBeLessThan(BUDGET_MS + TOLERANCE_MS);
  });

  it('lets a thread that is sending finish, and sends nothing twice', async () => {
    const bodies: string[] = [];
    const waiting = answering(({ url, body }) => {
      if (url === '/seen') return { status: 200, body: String(bodies.length) };
      bodies.push(body);
      return { body: JSON.stringify({ accepted: 1, rejected: [] }) };
    });
    const server = await startFaultServer(waiting);
    const app = createTestApp(FILES);
    const env = { ASK: `${server.address}/seen` };
    expect(waitedMs(await run(app, 'sending.cjs', server, { env }))).toBeLessThan(PATIENT_MS);
    expect(bodies).toHaveLength(1);
  });

  it('delivers what could be written nowhere', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const env = { HOME: '/proc/none' };
    expect(waitedMs(await run(app, 'patient.cjs', server, { env }))).toBeLessThan(PATIENT_MS);
    expect(server.accepted()).toHaveLength(1);
  });

  it('needs Node’s permission for a thread, and ends at once without it', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const node = nodeRelease('24');
    const files = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--no-warnings'];
    const closed = await run(app, 'cli.cjs', server, { node, nodeArgs: files });
    expect([closed.code, waitedMs(closed) < TOLERANCE_MS]).toEqual([0, true]);
    expect(server.accepted()).toEqual([]);
    const nodeArgs = [...files, '--allow-worker'];
    expect((await run(app, 'patient.cjs', server, { node, nodeArgs })).code).toBe(0);
    expect(server.accepted()).toHaveLength(2);
  });

  it('sends as the first process of a container, with which all others end', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const wrapper = ['unshare', '--pid', '--fork', '--mount-proc'];
    const run1 = await run(app, 'patient.cjs', server, { node: process.execPath, wrapper });
    expect([run1.code, waitedMs(run1) < PATIENT_MS]).toEqual([0, true]);
    expect(server.accepted()).toHaveLength(1);
  });

  it('sends under an init, and with a script as the first process, with which all others end', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const options = { node: process.execPath, wrapper: underInit('sh') };
    const run1 = await run(app, 'patient.cjs', server, options);
    expect([run1.code, waitedMs(run1) < PATIENT_MS]).toEqual([0, true]);
    expect(server.accepted()).toHaveLength(1);
  });

  it.each(['without-atomics.cjs', 'past.cjs', 'future.cjs'])(
    'ends within its budget, and keeps its report, whatever the app has replaced: %s',
    async (script) => {
      const server = await startFaultServer(silent);
      const app = createTestApp(FILES);
      const run1 = await run(app, script, server);
      expect([run1.code, waitedMs(run1) < BUDGET_MS + TOLERANCE_MS]).toEqual([0, true]);
      expect(outboxFiles(app.home).some((file) => /ready|claimed/.test(file))).toBe(true);
    },
  );

  it('does not wait, and writes nothing, where telemetry is off', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp(FILES);
    const off = await run(app, 'cli.cjs', server, { env: { DO_NOT_TRACK: '1' } });
    expect(waitedMs(off)).toBeLessThan(TOLERANCE_MS);
    expect(outboxFiles(app.home)).toEqual([]);
  });
});
