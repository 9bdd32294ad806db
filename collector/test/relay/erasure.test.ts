import { expect, it } from 'vitest';
import { bearer, fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { listen, QUICK, startRelay } from '../support/start-relay.js';
import { until } from '../support/until.js';

const PATH = '/v1/users/9f86d081884c7d65?project=acme-cli';
const iso = (ms: number): string => new Date(ms).toISOString();
const report = (anonymous_id = '9f86d081884c7d65') =>
  fullReport({ anonymous_id, timestamp: iso(Date.now() - 1000) });

it('promises nothing while the collector is away, and keeps the reports', async () => {
  const relay = await startRelay('http://127.0.0.1:9');
  await relay.post('/v1/reports', report());
  for (const answer of [await relay.get(PATH, bearer()), await relay.delete(PATH, bearer())]) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'failing' } });
    expect(answer.headers['retry-after']).toBe('5');
  }
  expect(await relay.state()).toMatchObject({ waiting_reports: 1 });
});

it('passes on what waits of the person, and then the deletion with its proof', async () => {
  const collector = await startCollector({ now: () => new Date() });
  const url = await listen(collector);
  const away = await startRelay('http://127.0.0.1:9');
  for (const one of [report('other'), report(), report()]) await away.post('/v1/reports', one);
  await away.close();
  // It has failed once, so that by itself it would pass nothing on for an hour.
  const times = { firstRetryMs: 3_600_000, longestRetryMs: 3_600_000, longestAskedMs: 0 };
  const relay = await startRelay(url, { data: away.data, times: { ...QUICK, ...times } });
  expect(await relay.get(PATH, bearer())).toMatchObject({
    status: 200,
    body: { project: 'acme-cli' },
  });
  expect(await relay.delete(PATH, bearer('b2'.repeat(32)))).toMatchObject({
    status: 404,
    body: { code: 'unknown_user' },
  });
  const told = await relay.delete(PATH, bearer());
  expect(told).toMatchObject({ status: 202, body: { project: 'acme-cli' } });
  expect(told.headers['cache-control']).toBe('no-store');
  await until('the other is counted', async () => {
    return (await collector.get('/stats')).body['total_users'] === 1;
  });
  expect(await relay.delete(PATH, bearer())).toMatchObject({ status: 404 });
  expect(await relay.state()).toMatchObject({ waiting_reports: 0 });
});

it('removes what the collector did not take of a person that it has deleted', async () => {
  const collector = await startCollector({ now: () => new Date(), newIdsLimit: 1 });
  const url = await listen(collector);
  const direct = { 'content-type': 'application/json' };
  const body = JSON.stringify(report());
  await fetch(`${url}/v1/reports`, { method: 'POST', headers: direct, body });
  const relay = await startRelay('http://127.0.0.1:9');
  await relay.post('/v1/reports', report('another'));
  await relay.post('/v1/reports', report());
  await relay.close();
  const again = await startRelay(url, { data: relay.data });
  expect(await again.delete(PATH, bearer())).toMatchObject({ status: 202 });
  await until('nothing waits', async () => (await again.state())['waiting_reports'] === 0);
  expect((await collector.get('/stats')).body['total_users']).toBe(1);
});
