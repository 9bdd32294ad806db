import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { withToken } from '../support/admin-token.js';

const PATH = '/v1/stats/projects';

async function report(collector: TestCollector): Promise<void> {
  const reports = [
    ['aaaaaaaaaaaaaaaa', 'acme-cli', '2026-11-22T20:58:00.000Z'],
    ['bbbbbbbbbbbbbbbb', 'acme-cli', '2026-11-18T20:58:00.000Z'],
    ['cccccccccccccccc', 'acme-cli', '2026-11-01T20:58:00.000Z'],
    ['cccccccccccccccc', 'other', '2026-11-21T20:58:00.000Z'],
    ['ci-github', 'farm', '2026-11-22T20:58:00.000Z'],
  ].map(([anonymous_id = '', project = '', timestamp = '']) =>
    fullReport({ anonymous_id, project, timestamp }),
  );
  const answer = await collector.post('/v1/reports', { sent_at: NOW.toISOString(), reports });
  expect(answer.status).toBe(202);
}

const ask = async (
  { app }: TestCollector,
  { remoteAddress = '127.0.0.1', headers = {} } = {},
): Promise<number> => (await app.inject({ url: PATH, remoteAddress, headers })).statusCode;

describe('the counts of every project', () => {
  it('are those that each is asked for by itself, in the order of the names', async () => {
    const collector = await startCollector();
    expect((await collector.get(PATH)).body).toMatchObject({ rows: [], projects_left_out: 0 });
    await report(collector);
    const { body } = await collector.get(PATH);
    const rows = body['rows'] as Record<string, unknown>[];
    expect(rows.map(({ project }) => project)).toEqual(['acme-cli', 'farm', 'other']);
    for (const { project, last_seen, unusual, ...counts } of rows) {
      expect(unusual).toBe(false);
      const query = `?project=${String(project)}`;
      expect((await collector.get(`/v1/stats/summary${query}`)).body).toMatchObject(counts);
      const recent = (await collector.get(`/v1/stats/recent${query}`)).body;
      const [newest] = recent['users'] as { last_seen: string }[];
      expect(last_seen).toBe(newest?.last_seen ?? null);
    }
    expect(rows[0]).toEqual({
      project: 'acme-cli',
      total_users: 3,
      daily_active_users: 1,
      weekly_active_users: 2,
      monthly_active_users: 3,
      ci_users: 0,
      total_reports: 3,
      last_seen: '2026-11-22T20:58:00.000Z',
      unusual: false,
    });
    expect(rows[1]).toMatchObject({ total_users: 0, ci_users: 1, last_seen: null });
  });

  it('are counted in the time zone of each', async () => {
    const collector = await startCollector();
    await collector.app.inject({
      method: 'PUT',
      url: '/v1/projects/far',
      headers: { ...withToken(), 'content-type': 'application/json' },
      payload: JSON.stringify({ timezone: 'Pacific/Auckland' }),
    });
    // It is the 23rd there at 21:00 UTC, and was the 22nd at 10:00.
    for (const project of ['far', 'near']) {
      await collector.post(
        '/v1/reports',
        fullReport({ project, timestamp: '2026-11-22T10:00:00Z' }),
      );
    }
    const { body } = await collector.get(PATH);
    expect(body['rows']).toMatchObject([
      { project: 'far', daily_active_users: 0, weekly_active_users: 1 },
      { project: 'near', daily_active_users: 1, weekly_active_users: 1 },
    ]);
  });

  it('are given as rows alone', async () => {
    const collector = await startCollector();
    await report(collector);
    const { text } = await collector.get(`${PATH}?format=csv`);
    expect(text.split('\r\n')[0]).toBe(
      'project,total_users,daily_active_users,weekly_active_users,monthly_active_users,ci_users,total_reports,last_seen,unusual',
    );
    expect(text.trimEnd().split('\r\n')).toHaveLength(4);
  });

  it('need a token, from wherever they are asked for', async () => {
    const collector = await startCollector();
    for (const remoteAddress of ['127.0.0.1', '::1', '192.0.2.1']) {
      expect(await ask(collector, { remoteAddress })).toBe(401);
      const headers = { authorization: 'Bearer another' };
      expect(await ask(collector, { remoteAddress, headers })).toBe(401);
      expect(await ask(collector, { remoteAddress, headers: withToken() })).toBe(200);
    }
  });
});
