import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { openRaw, type RawConnection } from '../support/raw-connection.js';
import { fullReport } from '../support/reports.js';
import { type Answer, startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

async function put(collector: TestCollector, project: string, body: object): Promise<void> {
  const { statusCode } = await collector.app.inject({
    method: 'PUT',
    url: `/v1/projects/${encodeURIComponent(project)}`,
    headers: withToken(),
    payload: body,
  });
  expect(statusCode).toBeLessThan(300);
}

const report = (collector: TestCollector, project: string, anonymous_id = 'somebody') =>
  collector.post('/v1/reports', fullReport({ project, anonymous_id }));

/** An answer without what differs in any two. */
const plain = ({ status, text, headers }: Answer) => ({
  status,
  text: text.replace(/"request_id":"[^"]*"/, '').replace(/"as_of":"[^"]*"/, ''),
  tag: headers['etag'],
  names: Object.keys(headers).sort(),
});

const QUESTIONS = [
  'summary',
  'timeseries',
  'breakdown?dimension=os',
  'adoption',
  'growth',
  'annotations',
  'retention',
  'forecast',
];
const pathOf = (question: string, project: string): string =>
  `/v1/stats/${question}${question.includes('?') ? '&' : '?'}project=${encodeURIComponent(project)}`;

describe('without a token', () => {
  it('a hidden project is like one that does not exist, whatever is asked and how', async () => {
    const collector = await startCollector();
    for (const project of ['hidden', 'a/../b', '%00', 'ünï códe', 'shown']) {
      await report(collector, project);
      if (project !== 'shown') await put(collector, project, { visibility: 'none' });
    }
    for (const question of [...QUESTIONS, 'quality', 'recent', 'silence', 'live']) {
      for (const headers of [{}, { accept: 'text/csv' }, { 'if-none-match': '*' }]) {
        const unknown = plain(await collector.stranger(pathOf(question, 'unknown'), headers));
        expect(unknown.status).toBe(401);
        for (const project of ['hidden', 'a/../b', '%00', 'ünï códe']) {
          const answer = plain(await collector.stranger(pathOf(question, project), headers));
          expect(answer).toEqual(unknown);
        }
      }
    }
    const wrongZone = `${pathOf('summary', 'hidden')}&tz=Asia/Tokyo`;
    expect((await collector.stranger(wrongZone)).status).toBe(401);
    const twice = '/v1/stats/summary?project=shown&project=hidden';
    expect((await collector.stranger(twice)).status).toBe(400);
    expect((await collector.stranger(pathOf('summary', 'shown'))).status).toBe(200);
  });

  it('all projects are the sum of those that are shown', async () => {
    const collector = await startCollector();
    await report(collector, 'one');
    await report(collector, 'two');
    await report(collector, 'two', 'another');
    const before = (await collector.stranger('/stats')).body;
    expect(before).toMatchObject({ total_users: 3, total_reports: 3, os_distribution: {} });
    await put(collector, 'two', { visibility: 'none' });
    const first = await collector.stranger('/stats');
    expect(first.body).toMatchObject({
      ...{ total_users: 1, daily_active_users: 1, weekly_active_users: 1, total_reports: 1 },
      ...{ os_distribution: {}, version_distribution: {} },
    });
    expect((await collector.get('/stats')).body).toMatchObject({ total_users: 3 });
    // Nothing tells of the hidden project: neither the tag nor when the last report came.
    await report(collector, 'two', 'a third');
    const tag = String(first.headers['etag']);
    const again = await collector.stranger('/stats', { 'if-none-match': tag });
    expect(again.status).toBe(304);
    expect(first.body['last_updated']).toBe(first.body['as_of']);
    await report(collector, 'one', 'another');
    expect((await collector.stranger('/stats', { 'if-none-match': tag })).status).toBe(200);
    // Over all projects there are totals alone.
    await put(collector, 'one', { visibility: 'detailed' });
    expect((await collector.stranger('/stats')).body).toMatchObject({ os_distribution: {} });
    expect((await collector.stranger('/v1/stats/timeseries')).status).toBe(401);
  });

  it('nothing is shown where that is the default, but what has a setting of its own', async () => {
    const collector = await startCollector({ visibility: 'none' });
    await report(collector, 'one');
    expect((await collector.stranger('/stats')).status).toBe(401);
    expect((await collector.stranger('/stats?project=one')).status).toBe(401);
    await put(collector, 'two', { visibility: 'summary' });
    expect((await collector.stranger('/stats')).body).toMatchObject({ total_users: 0 });
    await report(collector, 'two');
    expect((await collector.stranger('/stats')).body).toMatchObject({ total_users: 1 });
  });

  it('a summary has totals and activity, in every format', async () => {
    const collector = await startCollector();
    await report(collector, 'acme-cli');
    for (const path of ['/stats', '/v1/stats/summary']) {
      const { body } = await collector.stranger(`${path}?project=acme-cli`);
      const all = await collector.get(`${path}?project=acme-cli`);
      expect(Object.keys(body)).toEqual(Object.keys(all.body));
      expect(body).toMatchObject({
        ...{ total_users: 1, daily_active_users: 1 },
        ...{ os_distribution: {}, version_distribution: {} },
      });
      for (const format of ['csv', 'ndjson']) {
        const { text } = await collector.stranger(`${path}?project=acme-cli&format=${format}`);
        expect(text).toContain('total_users');
        expect(text).not.toContain('distribution');
      }
    }
    for (const question of QUESTIONS.slice(1)) {
      expect((await collector.stranger(pathOf(question, 'acme-cli'))).status).toBe(401);
    }
  });

  it('details are shown where the project says so', async () => {
    const collector = await startCollector();
    await report(collector, 'acme-cli');
    await put(collector, 'acme-cli', { visibility: 'detailed' });
    expect((await collector.get('/v1/projects/acme-cli', withToken())).body).toMatchObject({
      visibility: 'detailed',
    });
    const statuses = [];
    for (const question of [...QUESTIONS, 'recent', 'quality', 'silence']) {
      const window = question.startsWith('breakdown') ? '&window=7d' : '';
      statuses.push((await collector.stranger(`${pathOf(question, 'acme-cli')}${window}`)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 401, 401, 401, 401, 401]);
  });
});

describe('a stream', () => {
  async function listen(url: string, query: string, token?: string): Promise<RawConnection> {
    const raw = await openRaw(url);
    const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
    raw.write(`GET /v1/stats/live${query} HTTP/1.1\r\nHost: a\r\n${authorization}\r\n`);
    await until(
      'it is answered',
      () => raw.received().includes('\n\n') || (raw.status() ?? 0) >= 400,
    );
    return raw;
  }

  it('ends when its token is revoked or rotated or has expired, or its project is hidden', async () => {
    let now = new Date('2026-11-22T21:00:00.000Z');
    const collector = await startCollector({ now: () => now });
    await report(collector, 'acme-cli');
    const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
    const make = async (more: object) =>
      (await collector.post('/v1/tokens', { level: 'restricted', ...more }, withToken())).body;
    const [revoked, rotated, lasting] = [await make({}), await make({}), await make({})];
    const expiring = await make({ expires_at: '2026-11-22T21:30:00Z' });
    const streams = {
      revoked: await listen(url, '', String(revoked['token'])),
      rotated: await listen(url, '?project=acme-cli', String(rotated['token'])),
      expiring: await listen(url, '', String(expiring['token'])),
      hidden: await listen(url, '?project=acme-cli'),
      everything: await listen(url, ''),
      lasting: await listen(url, '', String(lasting['token'])),
    };
    expect(streams.hidden.received()).toContain('"os_distribution":{}');
    expect(streams.lasting.received()).toMatch(/"os_distribution":\{"/);
    await collector.delete(`/v1/tokens/${String(revoked['id'])}`, withToken());
    await collector.post(`/v1/tokens/${String(rotated['id'])}/rotate`, '{}', withToken());
    await put(collector, 'acme-cli', { visibility: 'none' });
    now = new Date('2026-11-22T21:31:00.000Z');
    for (const name of ['revoked', 'rotated', 'expiring', 'hidden'] as const) {
      await until(`${name} has ended`, () => streams[name].isClosed());
    }
    await until('the sum is without it', () =>
      /"total_users":0,(?!.*"total_users":1)/s.test(streams.everything.received()),
    );
    expect([streams.everything.isClosed(), streams.lasting.isClosed()]).toEqual([false, false]);
    expect((await listen(url, '?project=acme-cli')).status()).toBe(401);
  });
});
