import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { holdCounting } from './support/hold-counting.js';
import { startNodes } from './support/start-nodes.js';
import { temporarySchema } from './support/temporary-schema.js';

const DURABLE = { durability: 'store' } as const;

/** What the store has, asked by this collector anew. */
const countsOf = ({ store }: TestCollector) => store.summary({ project: 'acme-cli', day: 0 });

it('acknowledges reports, also twins of those in flight, once others see them counted', async () => {
  const store = await temporarySchema();
  const [node, other] = await startNodes([{ store, ...DURABLE }, { store }]);
  if (node === undefined || other === undefined) throw new Error('There are two.');
  for (const collector of [node, other]) {
    const durability = collector === node ? 'store' : 'journal';
    expect((await collector.get('/')).body).toMatchObject({ durability });
    expect((await collector.get('/health')).body).toMatchObject({ durability });
    const { text } = await collector.get('/metrics', withToken());
    expect(text).toContain(`headcount_durability_info{durability="${durability}"} 1`);
  }
  const hold = await holdCounting(store);
  onTestFinished(() => hold.letGo());
  const report = fullReport();
  const again = fullReport({ anonymous_id: 'somebody else' });
  const answers: number[] = [];
  const sendings = [{ reports: [report, again] }, report, { ...again, event: 'startup' }].map(
    async (body) => {
      const { status } = await node.post('/v1/reports', body);
      answers.push(status);
      return (await countsOf(other)).totalReports;
    },
  );
  const small = node.post('/statistics', fullReport({ anonymous_id: 'a third' }));
  await hold.met();
  expect(answers).toEqual([]);
  await hold.letGo();
  for (const seen of await Promise.all(sendings)) expect(seen).toBeGreaterThanOrEqual(2);
  expect((await small).status).toBe(200);
  expect(await countsOf(other)).toMatchObject({ totalReports: 3, totalUsers: 3 });
  expect(answers).toEqual([202, 202, 202]);
}, 180_000);

it('answers 503 in time where the store is slow, and counts once what is sent again', async () => {
  const store = await temporarySchema();
  const collector = await startCollector({ store, ...DURABLE, storeWaitMs: 200 });
  const report = fullReport();
  const hold = await holdCounting(store);
  onTestFinished(() => hold.letGo());
  const { status, headers, body } = await collector.post('/v1/reports', report);
  expect({ status, code: body['code'], retryAfter: headers['retry-after'] }).toEqual({
    ...{ status: 503, code: 'busy', retryAfter: '1' },
  });
  await hold.letGo();
  await until('it is taken', async () => {
    return (await collector.post('/v1/reports', report)).status === 202;
  });
  expect(await countsOf(collector)).toMatchObject({ totalReports: 1, totalUsers: 1 });
}, 180_000);

it.each(['journal', 'store'] as const)(
  'does not confirm a deletion before the store has done it, with --durability %s',
  async (durability) => {
    const store = await temporarySchema();
    const [node, other] = await startNodes([{ store, durability, storeWaitMs: 200 }, { store }]);
    if (node === undefined || other === undefined) throw new Error('There are two.');
    const report = fullReport();
    await until('it is counted', async () => {
      await node.post('/v1/reports', report);
      return (await countsOf(other)).totalUsers === 1;
    });
    const url = `/v1/users/${report.anonymous_id}?project=acme-cli`;
    const hold = await holdCounting(store);
    onTestFinished(() => hold.letGo());
    const { status, body } = await node.delete(url, withToken());
    expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'busy' });
    await hold.letGo();
    await until('it is confirmed', async () => {
      return (await node.delete(url, withToken())).status === 202;
    });
    // What the other one finds is what is left where the first has lost its disk.
    expect(await countsOf(other)).toMatchObject({ totalUsers: 0 });
  },
  180_000,
);

it('keeps nothing of a request while too many reports wait for the store', async () => {
  const store = await temporarySchema();
  const collector = await startCollector({ store, ...DURABLE, maxQueuedReports: 2 });
  const hold = await holdCounting(store);
  onTestFinished(() => hold.letGo());
  const first = collector.post('/v1/reports', { reports: [fullReport(), fullReport()] });
  await hold.met();
  const { status, body } = await collector.post('/v1/reports', fullReport());
  expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'busy' });
  await hold.letGo();
  expect((await first).status).toBe(202);
  expect(await countsOf(collector)).toMatchObject({ totalReports: 2 });
}, 180_000);

it('loses nothing that it has acknowledged with the disk of a collector', async () => {
  const store = await temporarySchema();
  const [lost, left] = [temporaryFolder(), temporaryFolder()];
  const node = await startProcess(['--port', '0', '--data', lost, '--durability', 'store'], {
    HEADCOUNT_STORE: store,
  });
  const url = await node.url();
  copyFileSync(join(lost, 'pepper'), join(left, 'pepper'));
  const sent = Array.from({ length: 30 }, (_, n) =>
    post(`${url}/v1/reports`, fullReport({ anonymous_id: `user-${n}` })),
  );
  expect(new Set(await Promise.all(sent))).toEqual(new Set([202]));
  const gone = `${url}/v1/users/user-7?project=acme-cli`;
  const deletion = await fetch(gone, { method: 'DELETE', headers: withToken() });
  expect(deletion.status).toBe(202);
  node.child.kill('SIGKILL');
  await node.ended;
  rmSync(lost, { recursive: true });
  const other = await startCollector({ store, data: left });
  const { body } = await other.get('/v1/stats/summary?project=acme-cli');
  expect(body).toMatchObject({ total_reports: 30, total_users: 29 });
  const record = await other.get('/v1/users/user-7?project=acme-cli', withToken());
  expect(record.body['deleted_at']).toEqual(expect.any(String));
}, 180_000);
