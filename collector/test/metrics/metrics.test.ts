import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { startMortalCollector } from '../support/die.js';
import { openRaw } from '../support/raw-connection.js';
import { readMetrics, scrape, valuesOf } from '../support/read-metrics.js';
import { fullReport, PROOF, bearer } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const STRANGER = '203.0.113.77';

const shared = shareCollector();

/** A clock that is at another time at each look, so that no text is used again. */
function everLater(): () => number {
  let ms = 0;
  return () => (ms += 10_000);
}

const start = async (options: Parameters<typeof startCollector>[0] = {}): Promise<TestCollector> =>
  startCollector({ monotonicMs: everLater(), ...options });

const visit = (
  project: string,
  who: string,
  timestamp = '2026-11-22T20:58:00Z',
  version = '1.0.0',
) => ({
  ...fullReport({ project, anonymous_id: who, timestamp }),
  info: { ...fullReport().info, version },
});

it('tells the same figures as /v1/stats, by project and in its own zone', async () => {
  const collector = await start();
  const zone = { ...withToken(), 'content-type': 'application/json' };
  for (const [project, timezone] of Object.entries({ east: 'Pacific/Auckland', west: 'UTC' })) {
    await collector.app.inject({
      ...{ method: 'PUT', url: `/v1/projects/${project}`, headers: zone },
      payload: JSON.stringify({ timezone }),
    });
  }
  for (const project of ['east', 'west', 'constructor', 'we"ird\\x\ny', 'other']) {
    const reports = [
      visit(project, 'ada'),
      visit(project, 'ada', '2026-11-20T12:00:00Z'),
      visit(project, 'bob', '2026-11-16T12:00:00Z'),
      visit(project, 'cy', '2026-10-30T12:00:00Z'),
      { ...visit(project, 'robot'), info: { ...fullReport().info, ci: 'github_actions' } },
      { ...visit(project, 'dot', '2026-11-22T09:30:00Z'), lost_total: 7 },
      visit(project, 'gone'),
    ];
    expect((await collector.post('/v1/reports', { reports })).body['accepted']).toBe(7);
    await collector.post('/v1/reports', { reports: reports.slice(0, 2) });
    await collector.delete(`/v1/users/gone?project=${encodeURIComponent(project)}`, bearer(PROOF));
  }
  const metrics = await scrape(collector);
  const figuresOf = (project: string) => ({
    total_users: valuesOf(metrics, 'users', 'project')[project],
    daily_active_users: valuesOf(metrics, 'active_users', 'project', 'window')[`${project} 1d`],
    weekly_active_users: valuesOf(metrics, 'active_users', 'project', 'window')[`${project} 7d`],
    monthly_active_users: valuesOf(metrics, 'active_users', 'project', 'window')[`${project} 28d`],
    ci_users: valuesOf(metrics, 'build_farm_users', 'project')[project],
    total_reports: valuesOf(metrics, 'counted_reports', 'project')[project],
    reports_lost: valuesOf(metrics, 'lost_reports', 'project')[project],
  });
  const asOf = new Date(1000 * (valuesOf(metrics, 'counts_as_of_timestamp_seconds')[''] ?? 0));
  for (const project of ['east', 'west', 'constructor', 'we"ird\\x\ny', 'other']) {
    const query = `?project=${encodeURIComponent(project)}`;
    const { body } = await collector.get(`/v1/stats/summary${query}`);
    expect(body).toMatchObject({ ...figuresOf(project), as_of: asOf.toISOString() });
    const series = await collector.get(`/v1/stats/timeseries${query}&metric=new`);
    const rows = series.body['rows'] as { value: number }[];
    expect(valuesOf(metrics, 'new_users', 'project')[project]).toBe(rows.at(-1)?.value);
  }
  // In Auckland it is the 23rd, and 22 Nov 09:30 UTC was yesterday.
  expect([figuresOf('east').daily_active_users, figuresOf('west').daily_active_users]).toEqual([
    1, 2,
  ]);

  const { body: quality } = await collector.get('/v1/stats/quality');
  expect(valuesOf(metrics, 'reports_accepted_total')['']).toBe(quality['accepted']);
  expect(valuesOf(metrics, 'reports_duplicate_total')['']).toBe(quality['duplicates']);
  expect(valuesOf(metrics, 'reports_marked_total', 'mark')).toMatchObject({
    late: quality['late'],
    values_over_limit: quality['values_over_limit'],
  });
  expect(valuesOf(metrics, 'reports_acknowledged_total')['']).toBe(5 * 9);
  expect(valuesOf(metrics, 'counting_backlog_reports')['']).toBe(0);
  expect(valuesOf(metrics, 'last_report_timestamp_seconds')['']).toBe(1795381200);
});

it('begins its counters at 0 with each start, and its gauges where they were', async () => {
  const first = await start();
  await first.post('/v1/reports', fullReport());
  await until(
    'it is counted',
    async () => valuesOf(await scrape(first), 'users', 'project')['acme-cli'] === 1,
  );
  await first.close();
  const second = await start({ data: first.data });
  await scrape(second);
  await second.post('/v1/reports', fullReport());
  const metrics = await scrape(second);
  expect(valuesOf(metrics, 'reports_accepted_total')['']).toBe(1);
  expect(valuesOf(metrics, 'reports_acknowledged_total')['']).toBe(1);
  expect(valuesOf(metrics, 'counted_reports', 'project')).toEqual({ 'acme-cli': 2 });
});

it('shares nothing with another collector of the same process', async () => {
  const [one, another] = [await start(), await start()];
  await one.post('/v1/reports', fullReport());
  await scrape(one);
  const metrics = await scrape(another);
  expect(valuesOf(metrics, 'users', 'project')).toEqual({});
  expect(valuesOf(metrics, 'reports_acknowledged_total')).toEqual({ '': 0 });
});

it('counts what is refused, and the limits that were met', async () => {
  const collector = await start({
    statsRateLimit: 2,
    // The clock stands still, so that limits stay used up.
    monotonicMs: () => 0,
    rateLimit: 3,
    maxProjects: 2,
    newProjectsLimit: 9,
  });
  const send = (url: string, payload?: object) =>
    collector.app.inject({
      ...(payload === undefined ? { url } : { url, method: 'POST', payload }),
      remoteAddress: STRANGER,
    });
  await send('/v1/reports', { reports: [fullReport(), { project: 'acme-cli' }] });
  for (let n = 0; n < 4; n++) await send('/v1/reports', fullReport());
  for (let n = 0; n < 5; n++) await send('/v1/stats/summary');
  for (let n = 0; n < 62; n++) {
    const headers = { authorization: 'Bearer hct_wrong' };
    await collector.app.inject({ url: '/v1/tokens', headers, remoteAddress: STRANGER });
  }
  const metrics = await scrape(collector);
  const refused = valuesOf(metrics, 'reports_refused_total', 'reason');
  const { body } = await collector.get('/v1/stats/quality');
  const known = Object.entries(refused).filter(([, n]) => n > 0);
  expect(Object.fromEntries(known)).toEqual(body['rejected']);
  expect(refused['missing_field']).toBe(1);
  const limits = valuesOf(metrics, 'limits_hit_total', 'limit');
  expect(limits['address']).toBe(refused['rate_limited']);
  expect(limits).toMatchObject({ stats: 3, tokens: 2 });
});

it('counts questions by how they were answered, and how long they took', async () => {
  const collector = await start();
  await scrape(collector);
  for (let n = 0; n < 3; n++) await collector.get('/v1/stats/summary');
  await collector.get('/v1/stats/timeseries?from=2026-01-01&to=2025-01-01');
  const metrics = await scrape(collector);
  expect(valuesOf(metrics, 'questions_total', 'question', 'outcome')).toEqual({
    '/v1/stats/summary computed': 1,
    '/v1/stats/summary reused': 2,
    '/v1/stats/timeseries invalid': 1,
  });
  expect(valuesOf(metrics, 'question_duration_seconds_count', 'question')).toEqual({
    '/v1/stats/summary': 3,
    '/v1/stats/timeseries': 1,
  });
});

it('counts open streams by the level of the listener', async () => {
  const collector = await start();
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  const open = async (head: string) => {
    const raw = await openRaw(url);
    raw.write(`GET /v1/stats/live HTTP/1.1\r\nHost: a\r\n${head}\r\n`);
    await until('it is open', () => raw.received().includes('event: summary'));
    return raw;
  };
  const stranger = await open('');
  await open(`Authorization: ${withToken().authorization}\r\n`);
  const streams = async () => valuesOf(await scrape(collector), 'live_streams', 'level');
  expect(await streams()).toEqual({ public: 1, restricted: 0, developer: 0, administrator: 1 });
  stranger.socket.destroy();
  await until('it is closed', async () => (await streams())['public'] === 0);
});

it('tells of jobs and backups what /health and /v1/retention tell', async () => {
  const collector = await start();
  expect(valuesOf(await scrape(collector), 'job_last_success_timestamp_seconds', 'job')).toEqual(
    {},
  );
  await collector.jobs.runNow('retention');
  const metrics = await scrape(collector);
  const { body } = await collector.stranger('/v1/retention', withToken());
  const { ended_at, dropped } = body['last_run'] as { ended_at: string; dropped: object };
  expect(valuesOf(metrics, 'job_last_success_timestamp_seconds', 'job')).toEqual({
    retention: Date.parse(ended_at) / 1000,
  });
  expect(Object.keys(valuesOf(metrics, 'retention_last_dropped_rows', 'class'))).toEqual(
    Object.keys(dropped),
  );
  const { body: health } = await collector.get('/health');
  expect(valuesOf(metrics, 'component_up', 'component')).toEqual(
    Object.fromEntries(Object.keys(health['components'] as object).map((name) => [name, 1])),
  );
  for (const name of Object.keys(valuesOf(metrics, 'warning', 'warning'))) {
    expect(health['warnings']).toMatchObject({ [name]: { state: 'ok' } });
  }
});

it('still tells how the collector goes while the counts do not answer', async () => {
  const collector = await startMortalCollector({ monotonicMs: everLater() });
  await collector.post('/v1/reports', fullReport());
  expect(valuesOf(await scrape(collector), 'counts_up')).toEqual({ '': 1 });
  await collector.letDie('question-thread');
  const metrics = await scrape(collector);
  expect(valuesOf(metrics, 'counts_up')).toEqual({ '': 0 });
  expect(valuesOf(metrics, 'users', 'project')).toEqual({});
  expect(valuesOf(metrics, 'component_up', 'component')).toMatchObject({ journal: 1, store: 0 });
  expect(valuesOf(metrics, 'reports_acknowledged_total')).toEqual({ '': 1 });
});

it('has the figures of the last two seconds for many scrapers, and newer ones then', async () => {
  let ms = 0;
  const collector = await startCollector({ monotonicMs: () => ms });
  const users = async () => valuesOf(await scrape(collector), 'users', 'project');
  expect(await users()).toEqual({});
  await collector.post('/v1/reports', fullReport());
  ms = 1999;
  expect(await users()).toEqual({});
  ms = 2000;
  expect(await users()).toEqual({ 'acme-cli': 1 });
});

it.each([
  ['', 'text/plain; version=0.0.4; charset=utf-8'],
  ['*/*', 'text/plain; version=0.0.4; charset=utf-8'],
  ['text/plain', 'text/plain; version=0.0.4; charset=utf-8'],
  ['application/json', 'text/plain; version=0.0.4; charset=utf-8'],
  ['text/plain, application/openmetrics-text;q=0.4', 'text/plain; version=0.0.4; charset=utf-8'],
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  ],
  ['application/openmetrics-text', 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
])('answers Accept: %s', async (accept, type) => {
  const collector = shared();
  for (let n = 0; n < 2; n++) {
    const { headers, text } = await collector.stranger('/metrics', { ...withToken(), accept });
    expect(headers['content-type']).toBe(type);
    expect(headers['cache-control']).toBe('no-store');
    const isOpen = type.includes('openmetrics');
    expect(text.endsWith('# EOF\n')).toBe(isOpen);
    const counter = isOpen ? 'reports_acknowledged counter' : 'reports_acknowledged_total counter';
    expect(text).toContain(`# TYPE headcount_${counter}\n`);
    expect(text).toContain('\nheadcount_reports_acknowledged_total 0\n');
  }
});

it('names no user, no address and no value', async () => {
  const collector = await start();
  const { app } = collector;
  const payload = {
    ...visit('acme-cli', 'the-secret-person', undefined, '77.66.55'),
    event: 'build',
  };
  for (let n = 0; n < 3; n++) {
    await app.inject({
      ...{ method: 'POST', url: '/v1/reports', payload, remoteAddress: STRANGER },
      headers: { 'x-forwarded-for': '198.51.100.4' },
    });
  }
  await app.inject({
    url: '/v1/users/the-secret-person?project=acme-cli',
    remoteAddress: STRANGER,
  });
  const { text } = await collector.stranger('/metrics', withToken());
  expect(valuesOf(readMetrics(text), 'users', 'project')).toEqual({ 'acme-cli': 1 });
  expect(text).not.toContain('198.51.100');
  const labels = readMetrics(text).flatMap((sample) => Object.values(sample.labels));
  for (const secret of [STRANGER, 'the-secret-person', '77.66.55', 'build', 'Linux']) {
    expect(labels.filter((label) => label.includes(secret))).toEqual([]);
  }
});
