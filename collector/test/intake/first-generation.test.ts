import { describe, expect, it } from 'vitest';
import { firstGenerationReport, fullReport } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import { startCollector } from '../support/start-collector.js';

// As a client of the first generation sends it, byte for byte: Python's `json.dumps()` puts a
// space after colons and commas, and its timestamp has no zone.
const BODY =
  '{"anonymous_id": "a1b2c3d4e5f60718", "timestamp": "2026-11-22T20:58:00.123456", ' +
  '"project": "acme-cli", "info": {"os": "Windows", "version": "1.0.4"}}';
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'AcmeCli/1.0.4',
  accept: '*/*',
};

describe('a client of the first generation', () => {
  const shared = shareCollector();

  it.each(['/statistics', '/?action=statistics'])('reports to %s and is counted', async (url) => {
    const collector = await startCollector();
    const answer = await collector.post(url, BODY, HEADERS);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.body).toEqual({ status: 'success', message: expect.any(String) as string });

    expect((await collector.get('/stats?project=acme-cli')).body).toMatchObject({
      total_users: 1,
      daily_active_users: 1,
      weekly_active_users: 1,
      os_distribution: { Windows: 1 },
      version_distribution: { '1.0.4': 1 },
      total_reports: 1,
    });
    expect(await collector.store.quality({ project: null })).toEqual({ accepted: 1 });
  });

  it('counts each report, since it has no id, and the user once', async () => {
    const collector = await startCollector();
    await collector.post('/statistics', BODY, HEADERS);
    await collector.post('/statistics', BODY, HEADERS);
    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 1,
      total_reports: 2,
    });
  });

  it('counts for the day of receipt, whatever its clock and zone are', async () => {
    const collector = await startCollector();
    const report = firstGenerationReport({ timestamp: '2026-11-25T03:00:00.000001' });
    await collector.post('/statistics', report);
    expect((await collector.get('/stats')).body).toMatchObject({ daily_active_users: 1 });
    expect(await collector.store.quality({ project: null })).toEqual({ accepted: 1 });
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['odd values', { os: 7, version: null }],
    ['empty values', { os: '', version: '  ' }],
    ['nested values', { os: { name: 'Linux' }, version: ['1'] }],
  ])('may say %s in its info', async (project, info) => {
    const report = firstGenerationReport({ project, info });
    expect((await shared().post('/statistics', report)).status).toBe(200);
    expect((await shared().get(`/stats?project=${project}`)).body).toMatchObject({
      total_users: 1,
      os_distribution: { unknown: 1 },
      version_distribution: { unknown: 1 },
    });
  });

  it('and the new client may use each other’s endpoints', async () => {
    const collector = await startCollector();
    expect((await collector.post('/statistics', fullReport())).status).toBe(200);
    expect((await collector.post('/v1/reports', firstGenerationReport())).status).toBe(202);
    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 2,
      total_reports: 2,
    });
  });

  it('is told what is wrong with its report', async () => {
    const collector = await startCollector();
    const answer = await collector.post('/statistics', firstGenerationReport({ project: 5 }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'wrong_type', path: '/project' } });
    expect(answer.body).not.toHaveProperty('rejected');
  });
});
