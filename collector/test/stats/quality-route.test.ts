import { describe, expect, it } from 'vitest';
import { firstGenerationReport, fullReport, reportId } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { withToken } from '../support/admin-token.js';

const DAY_MS = 86_400_000;
const before = (days: number): number => NOW.getTime() - days * DAY_MS;
const iso = (at: number): string => new Date(at).toISOString();

const NOTHING = {
  accepted: 0,
  duplicates: 0,
  late: 0,
  timestamps_clamped: 0,
  clock_corrected: 0,
  delayed: 0,
  day_uncertain: 0,
  timestamps_unreadable: 0,
  values_cut: 0,
  values_unexpected: 0,
  values_over_limit: 0,
  unknown_fields: 0,
  undeclared_events: 0,
  undeclared_fields: 0,
  undeclared_values: 0,
  too_old: 0,
  forgotten: 0,
  uncountable: 0,
  lost_in_restore: 0,
  unknown_losses: 0,
  rejected: {},
  lost_estimate: 0,
  lost_cut: 0,
  full_places: [],
};

const ask = async (collector: TestCollector, query = '') =>
  (await collector.get(`/v1/stats/quality${query}`)).body;

const shared = shareCollector();

describe('GET /v1/stats/quality', () => {
  it('answers zeros where there is nothing', async () => {
    expect(await ask(await startCollector())).toEqual({
      project: null,
      from: '2026-10-24',
      to: '2026-11-22',
      timezone: 'UTC',
      as_of: NOW.toISOString(),
      ...NOTHING,
      unusual: [],
    });
  });

  it('tells what was accepted, came twice, came late, was put right, and was lost', async () => {
    const collector = shared();
    const project = 'put-right';
    const twice = fullReport({ project, lost_total: 3 });
    const reports = [
      twice,
      twice,
      fullReport({ project, timestamp: iso(before(2)), report_id: reportId(before(2)) }),
      fullReport({ project, timestamp: '2099-01-01T00:00:00Z' }),
      { ...fullReport({ project }), unheard_of: 1 },
    ];
    await collector.post('/v1/reports', { sent_at: NOW.toISOString(), reports });
    await collector.post('/statistics', firstGenerationReport({ project }));
    expect(await ask(collector, `?project=${project}`)).toMatchObject({
      accepted: 5,
      duplicates: 1,
      late: 1,
      timestamps_clamped: 1,
      unknown_fields: 1,
      too_old: 0,
      rejected: {},
      lost_estimate: 3,
    });
    expect(await ask(collector, '?project=other')).toMatchObject(NOTHING);
    expect(await ask(collector, `?project=${project}&from=2026-11-01&to=2026-11-21`)).toMatchObject(
      {
        ...NOTHING,
        lost_estimate: 3,
      },
    );
  });

  it('tells late by the project’s time zone, not by UTC', async () => {
    const collector = await startCollector({ timezone: 'Asia/Tokyo' });
    // It is 6 o'clock on the 23rd there; the 22nd began by UTC 21 hours ago.
    const report = (timestamp: string) => fullReport({ timestamp });
    await collector.post('/v1/reports', report('2026-11-22T15:30:00Z'));
    expect(await ask(collector)).toMatchObject({ accepted: 1, late: 0 });
    await collector.post('/v1/reports', report('2026-11-22T14:30:00Z'));
    expect(await ask(collector)).toMatchObject({ accepted: 2, late: 1 });
  });

  it('refuses what a right clock says is older than IDs are remembered', async () => {
    const collector = shared();
    const project = 'too-old';
    const made = (days: number) =>
      fullReport({ project, report_id: reportId(before(days)), timestamp: iso(before(days)) });
    const sentAt = NOW.toISOString();
    const reports = [made(34), made(36), made(400)];
    await collector.post('/v1/reports', { sent_at: sentAt, reports });
    expect(await ask(collector, `?project=${project}`)).toMatchObject({ accepted: 1, too_old: 2 });
    expect((await collector.get(`/stats?project=${project}`)).body).toMatchObject({
      total_reports: 1,
    });
  });

  it('counts what a wrong clock says is old, once', async () => {
    const collector = shared();
    const project = 'wrong-clock';
    const made = (byKey: number, byTimestamp = byKey) =>
      fullReport({
        project,
        report_id: reportId(before(byKey)),
        timestamp: iso(before(byTimestamp)),
      });
    const rightNow = NOW.toISOString();
    const requests = [
      // 40 days slow, and it does not say when it sent.
      made(40),
      { reports: [made(40)] },
      // It says so.
      { sent_at: iso(before(40)), reports: [made(40)] },
      { sent_at: iso(before(20_000)), reports: [made(20_001)] },
      // Put right between the report and the sending: from 1970, and between key and moment.
      { sent_at: rightNow, reports: [made(20_600)] },
      { sent_at: rightNow, reports: [made(40, 0)] },
      { sent_at: rightNow, reports: [{ ...made(40), timestamp: 'yesterday' }] },
    ];
    for (const request of [...requests, ...requests]) {
      expect((await collector.post('/v1/reports', request)).status).toBe(202);
    }
    expect(await ask(collector, `?project=${project}`)).toMatchObject({
      accepted: 7,
      duplicates: 7,
      too_old: 0,
    });
    expect((await collector.get(`/stats?project=${project}`)).body).toMatchObject({
      daily_active_users: 1,
    });
  });

  it('counts what was refused by reason, and by project where there is one', async () => {
    const collector = await startCollector({ maxProjects: 1 });
    await collector.post('/v1/reports', fullReport());
    const reports = [
      fullReport(),
      { ...fullReport(), info: 1 },
      { ...fullReport(), anonymous_id: '' },
      { ...fullReport({ project: 'made up' }), anonymous_id: '' },
      fullReport({ project: 'another' }),
      'none',
    ];
    expect((await collector.post('/v1/reports', { sent_at: iso(before(0)), reports })).status).toBe(
      202,
    );
    expect((await collector.post('/v1/reports', '{')).status).toBe(400);
    expect((await collector.post('/statistics', { ...fullReport(), info: 1 })).status).toBe(422);
    expect(await ask(collector, '?project=acme-cli')).toMatchObject({
      accepted: 2,
      rejected: { out_of_bounds: 1, wrong_type: 2 },
    });
    const rejected = { not_json: 1, out_of_bounds: 2, too_many_projects: 1, wrong_type: 3 };
    expect(await ask(collector)).toMatchObject({ rejected });
    expect(await ask(collector, '?project=made%20up')).toMatchObject({ rejected: {} });
    const csv = await collector.app.inject({
      url: '/v1/stats/quality?format=csv',
      headers: withToken(),
    });
    expect(csv.body.split('\r\n').slice(0, 2)).toEqual(['kind,reports', 'accepted,2']);
    expect(csv.body).toContain('rejected:too_many_projects,1');

    await collector.post('/v1/reports', '{');
    await collector.close();
    const next = await startCollector({ data: collector.data });
    expect(await ask(next)).toMatchObject({ rejected: { ...rejected, not_json: 2 } });
    expect(await next.store.projects()).toEqual(['acme-cli']);
  });

  it('says that nothing has changed, and which parameter is wrong', async () => {
    const collector = shared();
    const { headers } = await collector.get('/v1/stats/quality');
    const again = await collector.app.inject({
      url: '/v1/stats/quality',
      headers: { ...withToken(), 'if-none-match': String(headers['etag']) },
    });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
    for (const [query, parameter] of [
      ['from=yesterday', 'from'],
      ['to=2026-02-30', 'to'],
      ['tz=Asia/Tokyo', 'tz'],
      ['day=1', 'day'],
    ]) {
      expect(await collector.get(`/v1/stats/quality?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'bad_parameter', parameter },
      });
    }
  });
});
