import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { type Cluster, startCluster } from './support/cluster.js';
import { holdCounting } from './support/hold-counting.js';
import { run } from './support/run.js';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ isDurable: true, settings: ['wal_writer_delay=10s'] });
});

afterAll(() => cluster.stop());

/** The address of an empty schema. */
async function makeSchema(name: string): Promise<string> {
  await run(cluster.url, `CREATE SCHEMA ${name}`);
  return `${cluster.url}?options=${encodeURIComponent(`-c search_path=${name}`)}`;
}

const reportOf = (n: number): object => ({
  anonymous_id: `user-${n}`,
  timestamp: '2026-11-22T20:00:00.000Z',
  project: 'acme',
  info: { os: 'Linux', version: '1.0.0' },
});

const send = async (collector: TestCollector, from: number, to: number): Promise<number[]> => {
  const statuses: number[] = [];
  for (let n = from; n < to; n++) {
    const answer = await collector.app.inject({
      ...{ method: 'POST', url: '/v1/reports', payload: { reports: [reportOf(n)] } },
      remoteAddress: '192.0.2.1',
    });
    statuses.push(answer.statusCode);
  }
  return statuses;
};

const accepted = (n: number): number[] => Array.from({ length: n }, () => 202);

/** Asks until all reports are counted. */
async function untilCounted(collector: TestCollector, reports: number): Promise<unknown> {
  const end = Date.now() + 30_000;
  for (;;) {
    const { status, body } = await collector.get('/v1/stats/summary?project=acme');
    if (status === 200 && body['total_reports'] === reports) return body;
    if (Date.now() > end) return { status, body };
    await wait(100);
  }
}

it('takes reports while the database is away, and counts each of them once afterwards', async () => {
  const collector = await startCollector({ store: await makeSchema('taken'), newIdsLimit: 60 });
  expect(await send(collector, 0, 20)).toEqual(accepted(20));
  await untilCounted(collector, 20);

  await cluster.halt();
  expect(await send(collector, 20, 50)).toEqual(accepted(30));
  // Limits hold, and people who were seen before are not bound by them.
  expect(await send(collector, 50, 61)).toEqual([...accepted(10), 429]);
  expect(await send(collector, 0, 1)).toEqual(accepted(1));
  // One that nobody has asked before: an answer that is there already is told again.
  const { status, body } = await collector.get('/v1/stats/retention?project=acme');
  expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'failing' });
  // A deletion would be lost with the disk of this node alone.
  const deletion = await collector.delete('/v1/users/user-1?project=acme', withToken());
  expect({ status: deletion.status, code: deletion.body['code'] }).toEqual({
    ...{ status: 503, code: 'failing' },
  });

  // It stays where the load balancer sends reports to.
  expect((await collector.get('/readyz')).status).toBe(200);
  const health = await collector.get('/health');
  expect(health.status).toBe(503);
  expect(health.body['services']).toMatchObject({ journal: 'ok', data: 'ok', store: 'error' });

  await cluster.resume();
  expect(await untilCounted(collector, 61)).toMatchObject({ total_reports: 61, total_users: 60 });
  const quality = await collector.get('/v1/stats/quality?project=acme');
  expect(quality.body).toMatchObject({ accepted: 61, duplicates: 0, uncountable: 0 });
}, 120_000);

it('acknowledges nothing that the database has not counted, where that is asked for', async () => {
  const store = await makeSchema('durable');
  const collector = await startCollector({ store, durability: 'store' });
  const [inFlight, later] = [fullReport(), fullReport({ anonymous_id: 'later' })];
  const hold = await holdCounting(store);
  onTestFinished(() => hold.letGo());
  const sending = collector.post('/v1/reports', inFlight);
  await hold.met();
  await cluster.halt();
  const failing = { status: 503, headers: { 'retry-after': '5' }, body: { code: 'failing' } };
  expect(await sending).toMatchObject(failing);
  const refused = await collector.post('/v1/reports', later);
  expect(refused).toMatchObject(failing);
  expect(refused.body['detail']).toContain('Nothing of this request was kept');
  expect((await collector.get('/readyz')).status).toBe(503);

  await cluster.resume();
  await until('it is ready', async () => (await collector.get('/readyz')).status === 200);
  for (const report of [inFlight, later]) {
    expect((await collector.post('/v1/reports', report)).status).toBe(202);
  }
  const quality = await collector.get('/v1/stats/quality');
  expect(quality.body).toMatchObject({ accepted: 2, duplicates: 1, uncountable: 0 });
}, 180_000);

it('ends in time while the database is away, and counts the rest at its next start', async () => {
  const store = await makeSchema('ended');
  const data = temporaryFolder();
  const node = await startProcess(['--port', '0', '--data', data, '--drain-seconds', '1'], {
    HEADCOUNT_STORE: store,
  });
  const url = await node.url();
  await cluster.halt();
  const reports = [fullReport(), fullReport({ anonymous_id: 'another' })];
  expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
  node.child.kill('SIGTERM');
  await node.ended;
  expect(node.stdout().split('2 entries stay in the journal')).toHaveLength(2);

  await cluster.resume();
  const again = await startCollector({ store, data, now: () => new Date() });
  await until('the rest is counted', async () => {
    return (await again.get('/v1/stats/quality')).body['accepted'] === 2;
  });
}, 180_000);

it('loses nothing that it has acknowledged with the memory of the database', async () => {
  const schema = await makeSchema('memory');
  const store = `${schema}${encodeURIComponent(' -c synchronous_commit=off')}`;
  const first = await startCollector({ store, durability: 'store', drainSeconds: 0 });
  expect(await send(first, 0, 3)).toEqual(accepted(3));
  await cluster.halt();
  await first.close();
  await cluster.resume();

  const data = temporaryFolder();
  copyFileSync(join(first.data, 'pepper'), join(data, 'pepper'));
  const { body } = await (
    await startCollector({ store, data })
  ).get('/v1/stats/summary?project=acme');
  expect(body).toMatchObject({ total_reports: 3, total_users: 3 });
}, 120_000);
