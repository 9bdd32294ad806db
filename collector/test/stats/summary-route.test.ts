import { describe, expect, it } from 'vitest';
import { firstGenerationReport, fullReport } from '../support/reports.js';
import { NOW, startCollector } from '../support/start-collector.js';

describe.each(['/v1/stats/summary', '/stats'])('GET %s', (path) => {
  it('answers to the letter of the first generation, and says a little more', async () => {
    const collector = await startCollector();
    expect((await collector.get(path)).body).toEqual({
      total_users: 0,
      daily_active_users: 0,
      weekly_active_users: 0,
      monthly_active_users: 0,
      band: { certain: 0, likely: 0, ephemeral: 0 },
      os_distribution: {},
      version_distribution: {},
      last_updated: NOW.toISOString(),
      total_reports: 0,
      reports_lost: 0,
      ci_users: 0,
      unusual: [],
      timezone: 'UTC',
      as_of: NOW.toISOString(),
    });
  });

  it('answers for one project, or for all', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport({ project: '@acme/cli' }));
    await collector.post('/v1/reports', fullReport({ project: 'other' }));
    expect((await collector.get(path)).body).toMatchObject({ total_users: 2 });
    const one = await collector.get(`${path}?project=%40acme%2Fcli`);
    expect(one.body).toMatchObject({ total_users: 1, os_distribution: { Linux: 1 } });
  });

  it('names every value, whatever characters it has', async () => {
    const collector = await startCollector();
    const { info } = fullReport();
    const system = { os: 'GNU/kFreeBSD', version: '1!2.0-rc.1+x~y' };
    await collector.post('/v1/reports', fullReport({ info: { ...info, ...system } }));
    expect((await collector.get(path)).body).toMatchObject({
      os_distribution: { [system.os]: 1 },
      version_distribution: { [system.version]: 1 },
    });
  });

  it('answers zeros for a project that nobody knows', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    expect(await collector.get(`${path}?project=nobody`)).toMatchObject({
      status: 200,
      body: { total_users: 0, total_reports: 0, os_distribution: {}, version_distribution: {} },
    });
  });

  it('counts what was acknowledged before the question', async () => {
    const collector = await startCollector();
    for (let n = 1; n <= 20; n++) {
      await collector.post('/v1/reports', fullReport({ anonymous_id: `user ${n}` }));
      expect((await collector.get(path)).body).toMatchObject({ total_users: n });
    }
  });

  it('says how sure it is, and what was lost', async () => {
    const collector = await startCollector();
    const { info } = fullReport();
    const people = [
      ['machine', true],
      ['given', false],
      ['time', true],
      ['copied', true],
      ['time', false],
      ['ci', true],
    ] as const;
    const reports = people.map(([id_source, id_persisted], n) =>
      fullReport({
        anonymous_id: `user ${n}`,
        lost_total: n,
        info: { ...info, id_source, id_persisted },
      }),
    );
    await collector.post('/v1/reports', { reports });
    await collector.post('/statistics', firstGenerationReport());
    expect((await collector.get(path)).body).toMatchObject({
      total_users: 6,
      band: { certain: 2, likely: 3, ephemeral: 1 },
      ci_users: 1,
      reports_lost: 0 + 1 + 2 + 3 + 4 + 5,
    });
  });

  it('moves on from day to day', async () => {
    let now = new Date('2026-11-22T23:59:59.999Z');
    const collector = await startCollector({ now: () => now });
    await collector.post('/v1/reports', fullReport({ timestamp: '2026-11-22T20:58:00.123Z' }));
    expect((await collector.get(path)).body).toMatchObject({ daily_active_users: 1 });
    now = new Date('2026-11-23T00:00:00.000Z');
    expect((await collector.get(path)).body).toMatchObject({
      daily_active_users: 0,
      weekly_active_users: 1,
    });
    now = new Date('2026-11-29T00:00:00.000Z');
    expect((await collector.get(path)).body).toMatchObject({
      weekly_active_users: 0,
      monthly_active_users: 1,
      total_users: 1,
    });
    now = new Date('2026-12-20T00:00:00.000Z');
    expect((await collector.get(path)).body).toMatchObject({
      monthly_active_users: 0,
      total_users: 1,
    });
  });

  it('tells today in the zone of the project', async () => {
    const adminToken = 'the-administrator-of-tests';
    const collector = await startCollector({ adminToken });
    await collector.app.inject({
      method: 'PUT',
      url: '/v1/projects/acme-cli',
      headers: { authorization: `Bearer ${adminToken}` },
      payload: { timezone: 'Pacific/Kiritimati' },
    });
    // 21:00 UTC is the next day there already.
    await collector.post('/v1/reports', fullReport({ timestamp: '2026-11-22T09:59:59.999Z' }));
    expect((await collector.get(`${path}?project=acme-cli`)).body).toMatchObject({
      daily_active_users: 0,
      weekly_active_users: 1,
      timezone: 'Pacific/Kiritimati',
    });
    await collector.post('/v1/reports', fullReport({ timestamp: '2026-11-22T10:00:00.000Z' }));
    expect((await collector.get(`${path}?project=acme-cli`)).body).toMatchObject({
      daily_active_users: 1,
    });
    expect((await collector.get(path)).body).toMatchObject({ timezone: 'UTC' });
  });

  it('names a parameter that is wrong', async () => {
    const collector = await startCollector();
    const cases = [
      ['projekt=acme', 'projekt'],
      ['project=', 'project'],
      ['project=a&project=b', 'project'],
      [`project=${'x'.repeat(215)}`, 'project'],
    ] as const;
    for (const [query, parameter] of cases) {
      const answer = await collector.get(`${path}?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'bad_parameter', parameter } });
    }
  });
});
