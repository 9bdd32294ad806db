import { describe, expect, it } from 'vitest';
import { bearer, fullReport } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import { NOW, startCollector } from '../support/start-collector.js';

const shared = shareCollector();

const pathOf = (id: string, project: string): string =>
  `/v1/users/${encodeURIComponent(id)}?project=${encodeURIComponent(project)}`;

const LATER = new Date('2026-11-23T10:00:00.000Z');

describe('GET /v1/users/{anonymous_id}', () => {
  it('shows all that is kept of an ID in a project, and where and how long', async () => {
    const project = 'own-record';
    const reports = [
      fullReport({ project, timestamp: '2026-11-20T23:59:00.000Z' }),
      fullReport({ project }),
      fullReport({ project, anonymous_id: 'somebody else' }),
      fullReport({ project: 'another' }),
    ];
    await shared().post('/v1/reports', { reports });
    const answer = await shared().get(pathOf('9f86d081884c7d65', project), bearer());
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        project,
        first_day: '2026-11-20',
        last_day: '2026-11-22',
        first_seen: '2026-11-20T23:59:00.000Z',
        last_seen: '2026-11-22T20:58:00.123Z',
        active_days: ['2026-11-20', '2026-11-22'],
        total_reports: 2,
        deleted_at: null,
        as_of: NOW.toISOString(),
      },
    });
    expect(answer.body['facts']).toMatchObject({
      os: 'Linux',
      version: '2.3.1',
      ci: false,
      id_source: 'machine',
      id_persisted: true,
    });
    expect(answer.body['kept']).not.toHaveLength(0);
  });
});

describe('DELETE /v1/users/{anonymous_id}', () => {
  it('answers a receipt, and counts of people go on as if the user had never been', async () => {
    const project = 'deleting';
    const reports = ['ada', 'bob'].map((anonymous_id) => fullReport({ project, anonymous_id }));
    await shared().post('/v1/reports', { reports });
    const answer = await shared().delete(pathOf('ada', project), bearer());
    expect(answer).toMatchObject({
      status: 202,
      body: {
        project,
        deleted_at: NOW.toISOString(),
        late_reports_ignored_until: '2026-12-27T21:00:00.000Z',
      },
    });
    expect(answer.body['receipt_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await shared().get(`/stats?project=${project}`)).body).toMatchObject({
      total_users: 1,
      daily_active_users: 1,
      weekly_active_users: 1,
      os_distribution: { Linux: 1 },
      // Counts of reports stay, in all as by day.
      total_reports: 2,
    });
    const { body } = await shared().get(`/v1/stats/timeseries?project=${project}&metric=reports`);
    const byDay = body['rows'] as { value: number }[];
    expect(byDay.reduce((sum, { value }) => sum + value, 0)).toBe(2);
    expect((await shared().get(pathOf('ada', project), bearer())).status).toBe(404);
  });

  it('leaves other projects, and others in the project, alone', async () => {
    const reports = [
      fullReport({ project: 'mine' }),
      fullReport({ project: 'yours' }),
      fullReport({ project: 'mine', anonymous_id: 'bob' }),
    ];
    await shared().post('/v1/reports', { reports });
    await shared().delete(pathOf('9f86d081884c7d65', 'mine'), bearer());
    for (const [id, project] of [
      ['9f86d081884c7d65', 'yours'],
      ['bob', 'mine'],
    ] as const) {
      const { body } = await shared().get(pathOf(id, project), bearer());
      expect(body).toMatchObject({ total_reports: 1 });
    }
  });

  it('lets no report bring the user back that was made before, whenever it comes', async () => {
    let now = NOW;
    const collector = await startCollector({ now: () => now });
    const send = (timestamp: string, sent_at: string) =>
      collector.post('/v1/reports', { sent_at, reports: [fullReport({ timestamp })] });
    const total = async () => (await collector.get('/stats')).body['total_users'];

    const path = pathOf('9f86d081884c7d65', 'acme-cli');
    await collector.post('/v1/reports', fullReport());
    expect((await collector.delete(path, bearer())).status).toBe(202);
    now = LATER;
    await send('2026-11-22T20:00:00.000Z', LATER.toISOString());
    // A clock two hours ahead: made an hour before the deletion.
    await send('2026-11-22T22:00:00.000Z', '2026-11-23T12:00:00.000Z');
    expect(await total()).toBe(0);
    expect(await collector.store.quality({ project: null })).toEqual({
      accepted: 1,
      forgotten: 2,
    });
    await send('2026-11-23T09:00:00.000Z', LATER.toISOString());
    expect(await total()).toBe(1);
    const { body } = await collector.get(path, bearer());
    expect(body).toMatchObject({ total_reports: 1, deleted_at: NOW.toISOString() });
  });

  it('keeps its place among reports, in whatever order they are counted', async () => {
    let now = NOW.getTime();
    const collector = await startCollector({ now: () => new Date(now) });
    const path = pathOf('9f86d081884c7d65', 'acme-cli');
    const answers: Promise<{ status: number }>[] = [];
    for (let round = 0; round < 20; round++) {
      now += 1000;
      const timestamp = new Date(now).toISOString();
      answers.push(collector.post('/v1/reports', fullReport({ timestamp })));
      answers.push(
        collector.post('/v1/reports', fullReport({ timestamp, anonymous_id: `u${round}` })),
      );
      await Promise.all(answers);
      now += 1000;
      answers.push(collector.delete(path, bearer()));
      await Promise.all(answers);
    }
    now += 1000;
    const timestamp = new Date(now).toISOString();
    await collector.post('/v1/reports', fullReport({ timestamp }));
    expect((await collector.get(path, bearer())).body).toMatchObject({ total_reports: 1 });
    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 21,
      total_reports: 41,
    });
  });
});

describe('/v1/users/{anonymous_id}', () => {
  it.each([
    ['of one character', 'x'],
    ['of 128 characters', 'i'.repeat(128)],
    ['of 128 characters that need 12 each in a path', '🙂'.repeat(128)],
    ['with every sign a path may not have', 'a/b?c#d%e f&g=h;i+j\\k"l'],
    ['that looks like an escape', '%2F%41'],
    ['that leads elsewhere', '../../stats'],
    ['of a prototype', '__proto__'],
  ])('takes an ID %s', async (_what, anonymous_id) => {
    const project = `ids ${anonymous_id.length} /&`;
    expect((await shared().post('/v1/reports', fullReport({ project, anonymous_id }))).status).toBe(
      202,
    );
    const path = pathOf(anonymous_id, project);
    expect((await shared().get(path, bearer())).body).toMatchObject({ total_reports: 1 });
    expect((await shared().delete(path, bearer())).status).toBe(202);
    expect((await shared().get(path, bearer())).status).toBe(404);
  });

  it.each(['GET', 'DELETE'] as const)('names what is wrong: %s', async (method) => {
    const ask = (url: string) => (method === 'GET' ? shared().get(url) : shared().delete(url));
    expect(await ask('/v1/users/x')).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter: 'project' },
    });
    expect(await ask('/v1/users/x?project=p&y=1')).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter: 'y' },
    });
    expect(await ask(pathOf('i'.repeat(129), 'p'))).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter: 'anonymous_id' },
    });
    expect(await ask('/v1/users/%zz?project=p')).toMatchObject({ status: 400 });
    // A slash behind a path means nothing.
    expect(await ask('/v1/users/?project=p')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it('refuses IDs that many share', async () => {
    const collector = shared();
    await collector.post(
      '/v1/reports',
      fullReport({ project: 'farm', anonymous_id: 'ci-github-actions' }),
    );
    const path = pathOf('ci-github-actions', 'farm');
    for (const answer of [await collector.get(path), await collector.delete(path)]) {
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'shared_id', detail: expect.stringContaining('nobody owns one') as string },
      });
    }
    expect((await collector.get('/stats?project=farm')).body).toMatchObject({ ci_users: 1 });
  });

  it('leaves neither ID nor project in the log', async () => {
    const collector = await startCollector();
    await collector.delete(pathOf('planted0id', 'planted0project'));
    await collector.get(pathOf('planted0id', 'planted0project'));
    expect(collector.log()).toContain('/v1/users/:anonymous_id');
    expect(collector.log()).not.toContain('planted0');
  });

  it('is limited for each client, and says so', async () => {
    const collector = await startCollector({ monotonicMs: () => 0 });
    const project = 'limited';
    await collector.post('/v1/reports', fullReport({ project }));
    const path = pathOf('9f86d081884c7d65', project);
    const first = await collector.get(path, bearer());
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"users";q=60;w=60',
      ratelimit: '"users";r=59;t=1',
    });
    let answer = first;
    for (let n = 1; n < 60; n++) {
      answer = await collector.get(path, bearer());
      expect([n, answer.status]).toEqual([n, 200]);
    }
    answer = await collector.get(path, bearer());
    expect(answer).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1', 'cache-control': 'no-store' },
      body: { code: 'rate_limited' },
    });
    expect((await collector.delete(path, bearer())).status).toBe(429);
    const another = await collector.app.inject({
      url: path,
      remoteAddress: '192.0.2.1',
      headers: bearer(),
    });
    expect(another.statusCode).toBe(200);
    expect((await collector.get('/stats')).status).toBe(200);
  });
});
