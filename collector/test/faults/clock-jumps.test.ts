import { expect, it } from 'vitest';
import { fullReport, reportId } from '../support/reports.js';
import { NOW, startCollector } from '../support/start-collector.js';

const DAY_MS = 86_400_000;

it('a clock that jumps costs no report and counts none twice', async () => {
  let at = NOW.getTime();
  const collector = await startCollector({ now: () => new Date(at) });
  const sent: ReturnType<typeof fullReport>[] = [];
  const jumps = [
    0,
    3600_000,
    -7200_000,
    2 * DAY_MS,
    -2 * DAY_MS,
    -3000 * DAY_MS,
    3000 * DAY_MS,
    -1,
  ];
  for (const jump of jumps) {
    at += jump;
    const reports = Array.from({ length: 20 }, () =>
      fullReport({ anonymous_id: reportId(), timestamp: NOW.toISOString() }),
    );
    sent.push(...reports);
    const started = performance.now();
    expect(await collector.post('/v1/reports', { reports })).toMatchObject({ status: 202 });
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: sent.length });
    expect(performance.now() - started).toBeLessThan(5000);
    expect((await collector.get('/health')).status).toBe(200);
  }
  for (const jump of [DAY_MS, -2 * DAY_MS, DAY_MS]) {
    at += jump;
    expect(await collector.post('/v1/reports', { reports: sent })).toMatchObject({ status: 202 });
  }
  expect((await collector.get('/stats')).body).toMatchObject({
    total_reports: sent.length,
    total_users: sent.length,
  });
});

const FORGOTTEN = '/v1/users/forgotten?project=acme-cli';

it('a clock that jumps far ahead forgets nothing: nothing is taken until it is back', async () => {
  let at = NOW.getTime();
  let monotonic = 5000;
  const collector = await startCollector({
    now: () => new Date(at),
    monotonicMs: () => monotonic,
    maxClockJumpMs: 30 * DAY_MS,
  });
  const pass = (ms: number): void => {
    at += ms;
    monotonic += ms;
  };
  const post = async (...reports: unknown[]) => {
    const { status, body, headers } = await collector.post('/v1/reports', { reports });
    return { status, code: body['code'], retryAfter: headers['retry-after'] };
  };
  const counted = async () => (await collector.get('/stats')).body;
  const by = (anonymous_id: string) =>
    fullReport({ anonymous_id, timestamp: new Date(at).toISOString() });

  const known = by('ada');
  const forgotten = by('forgotten');
  expect(await post(known, forgotten)).toMatchObject({ status: 202 });
  pass(1000);
  expect((await collector.delete(FORGOTTEN)).status).toBe(202);
  const before = await counted();
  expect(before).toMatchObject({ daily_active_users: 1 });

  at += 4000 * DAY_MS;
  const refused = { status: 503, code: 'clock_jumped', retryAfter: '300' };
  expect(await post(by('ada'))).toEqual(refused);
  pass(1000);
  expect(await post(known, by('bob'))).toEqual(refused);
  expect(await collector.post('/statistics', by('bob'))).toMatchObject({ status: 503 });
  expect(await collector.delete(FORGOTTEN.replace('forgotten', 'ada'))).toMatchObject({
    status: 503,
    body: { code: 'clock_jumped' },
  });
  expect((await counted())['total_reports']).toBe(before['total_reports']);
  expect(collector.log().match(/the clock jumped ahead:/g)).toHaveLength(1);

  at -= 4000 * DAY_MS;
  expect(await post(known, forgotten, by('bob'))).toMatchObject({ status: 202 });
  expect(collector.log().match(/the clock is back/g)).toHaveLength(1);
  const late = fullReport({ anonymous_id: 'forgotten', timestamp: NOW.toISOString() });
  expect(await post(late)).toMatchObject({ status: 202 });
  expect(await counted()).toMatchObject({ daily_active_users: 2, weekly_active_users: 2 });
  expect((await collector.get('/v1/stats/quality')).body).toMatchObject({
    duplicates: 2,
    forgotten: 1,
    rejected: { clock_jumped: 3 },
  });

  pass(DAY_MS);
  expect(await post(by('ada'))).toMatchObject({ status: 202 });
  expect(await counted()).toMatchObject({ daily_active_users: 1, weekly_active_users: 2 });
});

it('takes a clock for right that falls back and returns, drifts, or was so from the start', async () => {
  let at = NOW.getTime();
  const options = { now: () => new Date(at), monotonicMs: () => 0, maxClockJumpMs: 30 * DAY_MS };
  const collector = await startCollector(options);
  for (const jump of [-20_000 * DAY_MS, 20_000 * DAY_MS, 29 * DAY_MS, 30 * DAY_MS]) {
    at += jump;
    expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
  }
  at += 31 * DAY_MS;
  expect((await collector.post('/v1/reports', fullReport())).status).toBe(503);
  await collector.close();
  const again = await startCollector({ ...options, data: collector.data });
  expect((await again.post('/v1/reports', fullReport())).status).toBe(202);
});
