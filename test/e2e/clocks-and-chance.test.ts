import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { answering, startFaultServer } from '../support/fault-server.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const timeIn = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

describe('an app whose clock is faked', () => {
  const REAL = 'Date.UTC(2026, 10, 28)';
  it.each([
    ['has fractions', `() => ${REAL} + 0.123`, Date.UTC(2026, 10, 28)],
    ['stands still', `() => ${REAL}`, Date.UTC(2026, 10, 28)],
    ['is no number', '() => NaN', undefined],
    ['is negative', '() => -1e12', undefined],
    ['is infinite', '() => Infinity', undefined],
    ['is huge', '() => 1e300', undefined],
    ['is a text', "() => 'noon'", undefined],
  ])('reports, where its clock %s', async (_name, clock, timeMs) => {
    const server = await startFaultServer();
    const app = createTestApp({
      'cli.mjs': `import { track } from 'headcount';
        Date.now = ${clock};
        track(); track();`,
    });
    const before = Date.now();
    const run = await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    await eventually(() => server.accepted().length === 2, 'both reports');
    await eventually(() => outboxFiles(app.home).length === 0, 'an empty outbox');
    for (const { report_id: id, timestamp } of server.accepted()) {
      expect(id).toMatch(UUID_V7);
      expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Date.parse(timestamp)).toBe(timeIn(id));
      if (timeMs === undefined) expect(timeIn(id)).toBeGreaterThanOrEqual(before - 1);
      else expect(timeIn(id)).toBe(timeMs);
    }
  });
});

describe('the app’s Math.random()', () => {
  const USE = `
    headcount.track(); headcount.track();
    headcount.status(); headcount.notice(); await headcount.flush(); await headcount.show();`;

  it('is never called, in any part of the host', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'cli.mjs': `
        let calls = 0;
        const { random } = Math;
        Math.random = () => ((calls += 1), random());
        const { createHeadcount, memoryStorage } = await import('headcount');
        for (const storage of [undefined, memoryStorage()]) {
          const headcount = createHeadcount({ storage, project: storage ? 'acme-memory' : 'acme-cli' });
          ${USE}
          await headcount.close();
        }
        process.on('exit', () => console.log(calls));`,
    });
    const env = { HEADCOUNT_ENDPOINT: server.address };
    expect(await app.run('cli.mjs', { env })).toMatchObject({ stdout: '0\n', stderr: '' });
    const ids = server.accepted().map(({ report_id }) => report_id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
  });

  it('gives the same numbers under --random-seed, and the IDs of reports differ', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'with.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(); ${USE}
        console.log([1, 2, 3].map(() => Math.random()).join());`,
      'without.mjs': `console.log([1, 2, 3].map(() => Math.random()).join());`,
    });
    const options = { env: { HEADCOUNT_ENDPOINT: server.address }, nodeArgs: ['--random-seed=42'] };
    const { stdout } = await app.run('without.mjs', options);
    for (let run = 0; run < 2; run += 1) {
      expect((await app.run('with.mjs', options)).stdout).toBe(stdout);
    }
    expect(new Set(server.accepted().map(({ report_id }) => report_id.slice(-12))).size).toBe(4);
  });
});

describe('a retry', () => {
  it('sends the same bytes of each report', async () => {
    const bodies: string[] = [];
    const server = await startFaultServer();
    server.become(
      answering(({ body }) => {
        bodies.push(body);
        return { status: 503 };
      }),
    );
    const app = createTestApp({
      'cli.mjs': `import { track } from 'headcount'; track(); track();`,
    });
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
    await eventually(() => bodies.length >= 2, 'two attempts');
    const reports = bodies.map((body) =>
      JSON.stringify((JSON.parse(body) as { reports: [] }).reports),
    );
    expect(new Set(reports).size).toBe(1);
  });
});

it.each([
  '{"failures":1,"notBeforeMs":9e12,"decidedAtMs":0}',
  '{"URL":{"url":"URL","failures":1,"notBeforeMs":9e12,"decidedAtMs":0}}',
  '{"URL":{"url":"URL","failures":1,"notBeforeMs":1e300,"decidedAtMs":1e300}}',
  '{"URL":{"url":"URL","failures":-1,"notBeforeMs":"9","decidedAtMs":[],"retired":"x"}}',
])('a damaged delivery state stops nothing, and makes no loop: %s', async (damaged) => {
  const server = await startFaultServer();
  const app = createTestApp({
    'server.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ flushIntervalMs: 10 });
      headcount.track();
      const timer = setInterval(() => headcount.track(), 50);
      setTimeout(() => { clearInterval(timer); void headcount.close(); }, 2_000);`,
  });
  const config = join(app.home, '.config/headcount/acme-cli');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const file = join(config, 'delivery');
  writeFileSync(file, damaged.replaceAll('URL', `${server.address}/v1/reports`), { mode: 0o600 });
  const run = await app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(server.connections()).toBeLessThan(100);
  await eventually(
    async () => {
      await app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
      return server.accepted().length > 0;
    },
    'the reports',
    15_000,
  );
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    [`${server.address}/v1/reports`]: { failures: 0, notBeforeMs: 0 },
  });
});
