import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { NOW, startCollector } from '../support/start-collector.js';

describe('GET /stats', () => {
  it('answers to the letter of the first generation, and says a little more', async () => {
    const collector = await startCollector();
    expect((await collector.get('/stats')).body).toEqual({
      total_users: 0,
      daily_active_users: 0,
      weekly_active_users: 0,
      os_distribution: {},
      version_distribution: {},
      last_updated: NOW.toISOString(),
      total_reports: 0,
      ci_users: 0,
      timezone: 'UTC',
      as_of: NOW.toISOString(),
    });
  });

  it('answers for one project, or for all', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport({ project: '@acme/cli' }));
    await collector.post('/v1/reports', fullReport({ project: 'other' }));
    expect((await collector.get('/stats')).body).toMatchObject({ total_users: 2 });
    const one = await collector.get('/stats?project=%40acme%2Fcli');
    expect(one.body).toMatchObject({ total_users: 1, os_distribution: { Linux: 1 } });
  });

  it('answers zeros for a project that nobody knows', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    expect(await collector.get('/stats?project=nobody')).toMatchObject({
      status: 200,
      body: { total_users: 0, total_reports: 0, os_distribution: {}, version_distribution: {} },
    });
  });

  it('counts what was acknowledged before the question', async () => {
    const collector = await startCollector();
    for (let n = 1; n <= 20; n++) {
      await collector.post('/v1/reports', fullReport({ anonymous_id: `user ${n}` }));
      expect((await collector.get('/stats')).body).toMatchObject({ total_users: n });
    }
  });

  it('moves on from day to day', async () => {
    let now = new Date('2026-11-22T23:59:59.999Z');
    const collector = await startCollector({ now: () => now });
    await collector.post('/v1/reports', fullReport({ timestamp: '2026-11-22T20:58:00.123Z' }));
    expect((await collector.get('/stats')).body).toMatchObject({ daily_active_users: 1 });
    now = new Date('2026-11-23T00:00:00.000Z');
    expect((await collector.get('/stats')).body).toMatchObject({
      daily_active_users: 0,
      weekly_active_users: 1,
    });
    now = new Date('2026-11-29T00:00:00.000Z');
    expect((await collector.get('/stats')).body).toMatchObject({
      weekly_active_users: 0,
      total_users: 1,
    });
  });

  it('names a parameter that is wrong', async () => {
    const collector = await startCollector();
    const cases = [
      ['/stats?projekt=acme', 'projekt'],
      ['/stats?project=', 'project'],
      ['/stats?project=a&project=b', 'project'],
      [`/stats?project=${'x'.repeat(215)}`, 'project'],
      ['/stats/recent?limit=5', 'limit'],
    ] as const;
    for (const [url, parameter] of cases) {
      const answer = await collector.get(url);
      expect(answer).toMatchObject({ status: 400, body: { code: 'bad_parameter', parameter } });
    }
  });
});
