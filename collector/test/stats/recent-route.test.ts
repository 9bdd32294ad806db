import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

interface User {
  readonly anonymous_id: string;
}

describe.each(['/v1/stats/recent', '/stats/recent'])('GET %s', (path) => {
  it('shows the last 20 users, newest first, masked', async () => {
    const collector = await startCollector();
    const minute = (n: number): string => `2026-11-22T20:${String(n).padStart(2, '0')}:00.000Z`;
    const reports = Array.from({ length: 25 }, (_, n) =>
      fullReport({ anonymous_id: `9f86d081884c7d${n}`, timestamp: minute(n) }),
    );
    await collector.post('/v1/reports', { reports });
    await collector.post('/v1/reports', fullReport({ anonymous_id: 'ci-github-actions' }));
    await collector.post('/v1/reports', { ...reports[0], report_id: 'another' });

    const users = (await collector.get(path)).body['users'] as User[];
    expect(users).toHaveLength(20);
    expect(users[0]).toEqual({
      anonymous_id: expect.stringMatching(/^[0-9a-f]{8}\*{4}$/) as string,
      first_seen: minute(24),
      last_seen: minute(24),
      os: 'Linux',
      version: '2.3.1',
      total_reports: 1,
    });
    expect(new Set(users.map(({ anonymous_id }) => anonymous_id)).size).toBe(20);
  });

  it('shows the same user under another mask in every answer', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const ask = async (): Promise<string | undefined> =>
      ((await collector.get(path)).body['users'] as User[])[0]?.anonymous_id;
    const masks = [await ask(), await ask(), await ask()];
    expect(new Set(masks).size).toBe(3);
    expect(masks).not.toContain('9f86d081****');
  });

  it('shows one project on demand', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport({ project: 'other' }));
    expect((await collector.get(`${path}?project=acme-cli`)).body).toEqual({ users: [] });
    expect((await collector.get(`${path}?project=other`)).body['users']).toHaveLength(1);
  });

  it('names a parameter that is wrong', async () => {
    const collector = await startCollector();
    expect(await collector.get(`${path}?limit=5`)).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter: 'limit' },
    });
  });

  it('writes the users alone as CSV', async () => {
    const collector = await startCollector();
    const empty = await collector.get(`${path}?format=csv`);
    const head = 'anonymous_id,first_seen,last_seen,os,version,total_reports\r\n';
    expect(empty).toMatchObject({ status: 200, text: head });
    await collector.post('/v1/reports', fullReport());
    const { text } = await collector.get(`${path}?format=csv`);
    expect(text.slice(head.length)).toMatch(/^[0-9a-f]{8}\*{4},.*,Linux,2\.3\.1,1\r\n$/);
  });
});
