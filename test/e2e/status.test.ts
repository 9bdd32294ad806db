import type { ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/api.js';
import { startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { answering, silent, startFaultServer } from '../support/fault-server.js';
import { problem } from '../support/problem.js';
import { createTestApp, type RunOptions, type TestApp } from '../support/run-app.js';

const createApp = (): TestApp =>
  createTestApp({
    // Prints its status before the first report, with one that waits, and after it was sent.
    'cli.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ ...JSON.parse(process.env.OPTIONS ?? '{}') });
      const all = [headcount.status()];
      headcount.track(); headcount.track('undeclared');
      all.push(headcount.status());
      const result = await headcount.flush({ timeoutMs: 8_000 });
      all.push(headcount.status());
      console.log(JSON.stringify(all));`,
    'peek.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount(); headcount.track();
      console.log(JSON.stringify(headcount.status()));`,
    'killed.mjs': `import { createHeadcount } from 'headcount';
      createHeadcount(JSON.parse(process.env.OPTIONS)).track();
      process.kill(process.pid, 'SIGKILL');`,
    'twice.mjs': `import { createHeadcount } from 'headcount';
      import { existsSync, writeFileSync } from 'node:fs';
      const headcount = createHeadcount();
      headcount.track();
      const first = await headcount.flush({ timeoutMs: 8_000 });
      writeFileSync('sent', '');
      while (existsSync('sent')) await new Promise((resolve) => setTimeout(resolve, 20));
      headcount.track(); headcount.track();
      const second = await headcount.flush({ timeoutMs: 8_000 });
      console.log(JSON.stringify([first, second, headcount.status().queued]));`,
    'holder.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount(); headcount.track();
      console.log(process.pid); setInterval(() => {}, 1000);`,
  });

async function statuses(
  app: TestApp,
  env: Record<string, string>,
  options: RunOptions = {},
): Promise<[Status, Status, Status]> {
  const { code, stdout, stderr } = await app.run('cli.mjs', { ...options, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as [Status, Status, Status];
}

describe('status() of a real program', () => {
  it('tells mode, ID source, what waits, what was sent and dropped, and the last result', async () => {
    const collector = await startCollector();
    const app = createApp();
    const env = { HEADCOUNT_ENDPOINT: collector.address };
    const [before, waiting, after] = await statuses(app, env);
    const on = {
      mode: 'on',
      consent: { mode: 'on', rule: 'default' },
      project: 'acme-cli',
      endpoint: `${collector.address}/v1/reports`,
      notice: 'due',
      warnings: [],
    };
    expect(before).toMatchObject({ ...on, storage: 'pending', idSource: 'pending', queued: 0 });
    expect(waiting).toMatchObject({
      ...on,
      storage: 'file',
      idSource: 'pending',
      queued: 1,
      sent: 0,
      dropped: { 'undeclared-event': 1 },
    });
    expect(after).toMatchObject({
      ...on,
      queued: 0,
      sent: 1,
      dropped: { 'undeclared-event': 1 },
      lastResult: { sent: 1, queued: 0 },
    });
    expect(['machine', 'time']).toContain(after.idSource);
    for (const absent of ['reason', 'problem', 'nextAttempt']) {
      expect(after).not.toHaveProperty(absent);
    }
    expect((await collector.stats('acme-cli')).total_reports).toBe(1);
  });

  it('tells what keeps reports from arriving, and when it will try again', async () => {
    const server = await startFaultServer(
      answering(() => ({ status: 503, headers: { 'retry-after': '600' } })),
    );
    const [, , after] = await statuses(createApp(), { HEADCOUNT_ENDPOINT: server.address });
    expect(after).toMatchObject({ queued: 1, sent: 0, lastResult: { sent: 0, queued: 1 } });
    expect(after.error).toContain('503');
    const inMs = Date.parse(after.nextAttempt ?? '') - Date.now();
    expect(inMs).toBeGreaterThan(500_000);
    expect(inMs).toBeLessThan(700_000);
  });

  it.each([
    [{ DO_NOT_TRACK: '1' }, 'environment', 'DO_NOT_TRACK'],
    [{ OPTIONS: '{"disabled":true}' }, 'code', 'disabled'],
    [{ NODE_ENV: 'test' }, 'test-runner', 'NODE_ENV'],
    [{ OPTIONS: '{"mode":"off"}' }, 'mode', 'off'],
  ])('tells which rule has turned it off: %o', async (env, reason, source) => {
    const all = await statuses(createApp(), env);
    for (const status of all) {
      expect(status).toMatchObject({ mode: 'off', reason, queued: 0, sent: 0, dropped: {} });
      expect(status.consent.rule).toBe(reason);
      expect(status.consent.source).toContain(source);
    }
  });

  it('tells that the collector wants no more of this version', async () => {
    const server = await startFaultServer(answering(() => problem(410, 'project_closed')));
    const app = createApp();
    const env = { HEADCOUNT_ENDPOINT: server.address };
    const [, , after] = await statuses(app, env);
    expect(after).toMatchObject({ mode: 'off', reason: 'retired', dropped: { retired: 1 } });
    const connections = server.connections();
    const [, next] = await statuses(app, env);
    expect(next).toMatchObject({ mode: 'off', reason: 'retired', queued: 0 });
    expect(server.connections()).toBe(connections);
  });

  it('counts nothing for another endpoint, which gets its reports all the same', async () => {
    const old = await startFaultServer(answering(() => problem(410, 'project_closed')));
    const current = await startFaultServer();
    const app = createApp();
    const newer = { OPTIONS: JSON.stringify({ version: '3.0.0', endpoint: current.address }) };
    await app.run('killed.mjs', { env: newer });
    const older = { OPTIONS: JSON.stringify({ endpoint: old.address }) };
    const [, , after] = await statuses(app, older);
    expect(after).toMatchObject({ dropped: { retired: 1 }, lastResult: { sent: 0, queued: 0 } });
    await eventually(() => current.accepted().length === 1, 'the report for the other endpoint');
    await statuses(app, older);
    const [, , sent] = await statuses(app, newer);
    expect(sent.lastResult).toMatchObject({ sent: 1, queued: 0 });
    expect(current.accepted().map(({ info }) => info.version)).toEqual(['3.0.0', '3.0.0']);
  });

  it('tells what waits of this program, whatever was sent of earlier ones', async () => {
    const server = await startFaultServer();
    const app = createApp();
    const env = { HEADCOUNT_ENDPOINT: server.address, OPTIONS: '{}' };
    for (let run = 0; run < 3; run += 1) await app.run('killed.mjs', { env });
    const running = app.run('twice.mjs', { env });
    const sent = join(app.folder, 'sent');
    await eventually(() => existsSync(sent), 'the first flush');
    await server.refuse();
    rmSync(sent);
    const { stdout } = await running;
    expect(JSON.parse(stdout)).toEqual([
      { sent: 4, queued: 0, dropped: 0 },
      { sent: 0, queued: 2, dropped: 0 },
      2,
    ]);
  });

  it('tells which process sends for all of them', async () => {
    const server = await startFaultServer(silent);
    const app = createApp();
    const env = { HEADCOUNT_ENDPOINT: server.address };
    let holder: ChildProcess | undefined;
    const holding = app.run('holder.mjs', { env, started: (child) => (holder = child) });
    await eventually(() => server.connections() > 0, 'the holder to send');
    const { stdout } = await app.run('peek.mjs', { env });
    expect(JSON.parse(stdout)).toMatchObject({ leaseHolder: holder?.pid, queued: 1 });
    holder?.kill('SIGKILL');
    await holding;
  });
});
