import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { until } from '../support/until.js';
import { askOne } from './support/cluster.js';
import { startNodes } from './support/start-nodes.js';
import { temporarySchema } from './support/temporary-schema.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

it('does not let one wrong clock take the protection of all', async () => {
  const store = await temporarySchema();
  let aheadMs = 40 * DAY_MS;
  const often = { checkNodesEveryMs: 50, checkJobsEveryMs: 50, checkHealthEveryMs: 50 };
  const options = { ...often, store, maxClockJumpMs: 30 * DAY_MS };
  const [right, wrong] = await startNodes([
    { ...options, now: () => new Date() },
    { ...options, now: () => new Date(Date.now() + aheadMs) },
  ]);
  if (right === undefined || wrong === undefined) throw new Error('There are two.');
  const kept = async () => [
    await askOne(store, 'SELECT count(*)::int FROM seen_reports'),
    await askOne(store, 'SELECT count(*)::int FROM tombstones'),
  ];
  const reports = ['alice', 'bob', 'carol'].map((anonymous_id) => fullReport({ anonymous_id }));
  expect((await right.post('/v1/reports', { reports })).status).toBe(202);
  await until('they are counted', async () => {
    const { body } = await right.get('/v1/stats/summary?project=acme-cli');
    return body['total_reports'] === reports.length;
  });
  const user = '/v1/users/carol?project=acme-cli';
  expect((await right.delete(user, withToken())).status).toBe(202);
  await until('carol is deleted', async () => (await kept())[1] === 1);

  const refused = { status: 503, body: { code: 'clock_jumped' } };
  expect(await wrong.post('/v1/reports', { reports })).toMatchObject(refused);
  expect(await wrong.delete(user, withToken())).toMatchObject(refused);
  await until('it is told', async () => {
    const { status, text } = await wrong.get('/health');
    return status === 503 && text.includes('The clock is 40 days ahead of that of the store');
  });
  expect(wrong.log()).toContain('the clock of this machine is not that of the store');
  await right.close();
  const runs = '/v1/retention/runs';
  await until('it leads', async () => {
    await wrong.post(runs, { dry_run: false }, withToken());
    const { body } = await wrong.get('/v1/retention', withToken());
    return body['last_run'] !== null;
  });
  expect(await kept()).toEqual([reports.length, 1]);

  aheadMs = 10 * MINUTE_MS;
  await until('it takes reports again', async () => {
    return (await wrong.post('/v1/reports', { reports })).status === 202;
  });
  await until('each is known', async () => {
    const { body } = await wrong.get('/v1/stats/quality');
    return body['duplicates'] === reports.length;
  });
  aheadMs = 0;
  await until('the end is told', () =>
    wrong.log().includes('the clock is that of the store again'),
  );
});
