import { describe, expect, it } from 'vitest';
import { bearer, fullReport, reportId } from '../support/reports.js';
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
  expect((await collector.delete(FORGOTTEN, bearer())).status).toBe(202);
  const before = await counted();
  expect(before).toMatchObject({ daily_active_users: 1 });

  at += 4000 * DAY_MS;
  const refused = { status: 503, code: 'clock_jumped', retryAfter: '300' };
  expect(await post(by('ada'))).toEqual(refused);
  pass(1000);
  expect(await post(known, by('bob'))).toEqual(refused);
  expect(await collector.post('/statistics', by('bob'))).toMatchObject({ status: 503 });
  expect(await collector.delete(FORGOTTEN.replace('forgotten', 'ada'), bearer())).toMatchObject({
    status: 503,
    body: { code: 'clock_jumped' },
  });
  expect((await counted())['total_reports']).toBe(before['total_reports']);
  expect((await collector.get('/health')).status).toBe(503);
  expect((await collector.get('/health')).status).toBe(503);
  expect(collector.log().match(/"condition":"clock","state":"failing"/g)).toHaveLength(1);

  at -= 4000 * DAY_MS;
  expect(await post(known, forgotten, by('bob'))).toMatchObject({ status: 202 });
  expect((await collector.get('/health')).status).toBe(200);
  expect(collector.log().match(/"msg":"clock is well again"/g)).toHaveLength(1);
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

describe('a machine that has no time yet when the collector starts', () => {
  const BOOT = Date.parse('1970-01-01T00:00:20Z');
  const setUp = async (data?: string) => {
    let at = BOOT;
    const collector = await startCollector({
      now: () => new Date(at),
      monotonicMs: () => 20_000,
      maxClockJumpMs: 30 * DAY_MS,
      ...(data !== undefined && { data }),
    });
    const post = async (...reports: unknown[]) => {
      const { status, body } = await collector.post('/v1/reports', { reports });
      return { status, code: body['code'] };
    };
    return {
      collector,
      post,
      get: async (url: string) => (await collector.get(url)).body,
      setClock: (to: Date) => (at = to.getTime()),
    };
  };
  const by = (anonymous_id: string, timestamp = NOW) =>
    fullReport({ anonymous_id, timestamp: timestamp.toISOString() });

  it('goes on by itself where nothing was taken before it had', async () => {
    const { collector, post, get, setClock } = await setUp();
    expect((await collector.get('/health')).status).toBe(200);
    setClock(NOW);
    expect((await collector.get('/health')).status).toBe(200);
    expect(await post(by('ada'))).toMatchObject({ status: 202 });
    expect(await get('/stats')).toMatchObject({ total_users: 1, daily_active_users: 1 });
    expect(collector.log()).not.toContain('"condition":"clock"');
  });

  it('goes on by itself where it had been on before, and counts no report twice', async () => {
    const first = await startCollector();
    const known = by('ada');
    expect((await first.post('/v1/reports', known)).status).toBe(202);
    await first.close();
    const { post, get, setClock } = await setUp(first.data);
    expect(await post(known)).toMatchObject({ status: 202 });
    const later = new Date(NOW.getTime() + 29 * DAY_MS);
    setClock(later);
    expect(await post(known, by('bob', later))).toMatchObject({ status: 202 });
    expect(await get('/stats')).toMatchObject({ total_users: 2, daily_active_users: 1 });
    expect(await get('/v1/stats/quality?from=1970-01-01&to=1970-01-02')).toMatchObject({
      accepted: 0,
      duplicates: 1,
    });
    setClock(new Date(later.getTime() + 31 * DAY_MS));
    expect(await post(known)).toEqual({ status: 503, code: 'clock_jumped' });
  });

  it('says what to do where it took reports before it had, and cannot know which time is right', async () => {
    const { collector, post, setClock } = await setUp();
    expect(await post(by('ada'))).toMatchObject({ status: 202 });
    setClock(NOW);
    expect(await post(by('bob'))).toEqual({ status: 503, code: 'clock_jumped' });
    expect(await collector.get('/health')).toMatchObject({
      status: 503,
      body: {
        components: {
          clock: {
            state: 'failing',
            reason: expect.stringMatching(
              /^The clock jumped 20780 days ahead, .* if it is right, restart the collector\.$/,
            ) as string,
          },
        },
      },
    });
    expect(collector.log()).toMatch(
      /"msg":"The clock jumped 20780 days ahead, .* restart the collector\."/,
    );
    await collector.close();
    const again = await startCollector({ data: collector.data, maxClockJumpMs: 30 * DAY_MS });
    expect((await again.post('/v1/reports', by('bob'))).status).toBe(202);
    expect((await again.get('/health')).status).toBe(200);
  });
});
