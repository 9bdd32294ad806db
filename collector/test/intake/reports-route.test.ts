import { describe, expect, it } from 'vitest';
import { firstGenerationReport, fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

describe('POST /v1/reports', () => {
  it('takes one report', async () => {
    const collector = await startCollector();
    expect(await collector.post('/v1/reports', fullReport())).toMatchObject({
      status: 202,
      body: { accepted: 1, rejected: [] },
    });
    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 1,
      daily_active_users: 1,
      os_distribution: { Linux: 1 },
      version_distribution: { '2.3.1': 1 },
    });
    expect(await collector.store.quality({ project: 'acme-cli' })).toEqual({ accepted: 1 });
  });

  it('takes a batch of 500', async () => {
    const collector = await startCollector();
    const reports = Array.from({ length: 500 }, (_, n) =>
      fullReport({ anonymous_id: `user${n % 100}` }),
    );
    const batch = { sent_at: '2026-11-22T21:00:00.000Z', reports };
    expect((await collector.post('/v1/reports', batch)).body).toEqual({
      accepted: 500,
      rejected: [],
    });
    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 100,
      total_reports: 500,
    });
  });

  it('counts a report that is sent twice once', async () => {
    const collector = await startCollector();
    const report = fullReport();
    const batch = { sent_at: '2026-11-22T21:00:00.000Z', reports: [report, report] };
    for (const body of [report, report, batch]) {
      expect((await collector.post('/v1/reports', body)).status).toBe(202);
    }
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 1 });
    expect(await collector.store.quality({ project: null })).toEqual({
      accepted: 1,
      duplicates: 4 - 1,
    });
  });

  it('keeps the good reports of a batch and names the others', async () => {
    const collector = await startCollector();
    const nameless = firstGenerationReport({ project: undefined });
    const reports = [
      fullReport(),
      { ...fullReport(), anonymous_id: 5 },
      nameless,
      'no report',
      { ...fullReport(), info: { os: 'a\0b' } },
      fullReport({ anonymous_id: 'second' }),
    ];
    expect(await collector.post('/v1/reports', { reports })).toMatchObject({
      status: 202,
      body: {
        accepted: 2,
        rejected: [
          { index: 1, code: 'wrong_type', path: '/anonymous_id', retry: false },
          { index: 2, code: 'missing_field', path: '/project', retry: false },
          { index: 3, code: 'wrong_type', path: '', retry: false },
          { index: 4, code: 'nul_character', path: '/info/os', retry: false },
        ],
      },
    });
    expect((await collector.get('/stats')).body).toMatchObject({ total_users: 2 });
  });

  it('answers 422 where none of a batch can be read', async () => {
    const collector = await startCollector();
    const answer = await collector.post('/v1/reports', { reports: [{}, 7] });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'missing_field',
        path: '/reports/0/anonymous_id',
        rejected: [
          { index: 0, code: 'missing_field', path: '/anonymous_id', retry: false },
          { index: 1, code: 'wrong_type', path: '', retry: false },
        ],
      },
    });
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 0 });
  });

  it('puts a wrong clock right by the moment of sending', async () => {
    const collector = await startCollector();
    // The client's clock is two years behind; the event happened the day before it was sent.
    const report = fullReport({ timestamp: '2024-11-21T21:00:00.000Z' });
    await collector.post('/v1/reports', {
      sent_at: '2024-11-22T21:00:00.000Z',
      reports: [report],
    });
    expect((await collector.get('/stats')).body).toMatchObject({
      daily_active_users: 0,
      weekly_active_users: 1,
    });
    const { users } = (await collector.get('/stats/recent')).body;
    expect(users).toMatchObject([{ last_seen: '2026-11-21T21:00:00.000Z' }]);
    expect(await collector.store.quality({ project: null })).toEqual({
      accepted: 1,
      late: 1,
      clock_corrected: 1,
    });
  });

  it('counts build farms apart, by their ID and by what they say', async () => {
    const collector = await startCollector();
    const { info } = fullReport();
    await collector.post('/v1/reports', fullReport({ anonymous_id: 'ci-github-actions' }));
    await collector.post(
      '/v1/reports',
      fullReport({ anonymous_id: 'runner', info: { ...info, ci: 'gitlab' } }),
    );
    await collector.post('/v1/reports', fullReport());
    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 1,
      daily_active_users: 1,
      weekly_active_users: 1,
      ci_users: 2,
      total_reports: 3,
      os_distribution: { Linux: 1 },
    });
  });

  it.each([
    ...[null, false, '', ' ', 0, '0', 'false', 'False', 'no', 'off', 'none', [], {}].map(
      (ci) => [ci, { total_users: 1, ci_users: 0 }] as const,
    ),
    ...['github-actions', 'unknown', 'true', '1', true, 1].map(
      (ci) => [ci, { total_users: 0, ci_users: 1 }] as const,
    ),
  ])('takes info.ci %j as another client may write it', async (ci, counts) => {
    const collector = await startCollector();
    const { info } = fullReport();
    await collector.post('/v1/reports', fullReport({ info: { ...info, ci } as never }));
    expect((await collector.get('/stats')).body).toMatchObject(counts);
  });
});
