import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { createCountsV2 } from '../support/counts-v2.js';
import { fullReport } from '../support/reports.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BREAKDOWN = '/v1/stats/breakdown?project=acme-cli&metric=people&dimension=';
const BUNDLER = 'field:build.bundler';

const build = (user: string, at: string, bundler?: string): Visit => ({
  ...{ user, at, event: 'build' },
  ...(bundler !== undefined && { fields: { bundler } }),
});

async function rowsOf(collector: TestCollector, url: string): Promise<unknown[]> {
  const { body } = await collector.get(url);
  return (body['rows'] as { value: string; count: number }[]).map(({ value, count }) => [
    value,
    count,
  ]);
}

describe('people by event and field', () => {
  it('count once in a window, under every value that their reports said', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      build('ada', '2026-11-22', 'vite'),
      build('ada', '2026-11-22', 'vite'),
      build('ada', '2026-11-22', 'webpack'),
      build('bob', '2026-11-20', 'vite'),
      build('eve', '2026-11-16', 'vite'),
      build('eve', '2026-10-26', 'rollup'),
      build('dan', '2026-11-22'),
      { user: 'zoe', at: '2026-11-22' },
      // A build farm, and a person on a build farm: nobody said this.
      { ...build('farm', '2026-11-22', 'vite'), source: 'ci' },
      { ...build('zoe', '2026-11-22', 'vite'), source: 'ci' },
    ]);
    const rows = (dimension: string, window: string): Promise<unknown[]> =>
      rowsOf(collector, `${BREAKDOWN}${dimension}&window=${window}`);
    expect(await rows(BUNDLER, '1d')).toEqual([
      ['vite', 1],
      ['webpack', 1],
    ]);
    expect(await rows(BUNDLER, '7d')).toEqual([
      ['vite', 3],
      ['webpack', 1],
    ]);
    expect(await rows(BUNDLER, '28d')).toEqual([
      ['vite', 3],
      ['rollup', 1],
      ['webpack', 1],
    ]);
    expect(await rows('event', '1d')).toEqual([
      ['build', 2],
      ['startup', 1],
    ]);
    // Of all who were there, and of those who build.
    expect((await collector.get(`${BREAKDOWN}event&window=7d`)).body).toMatchObject({
      ...{ unit: 'people', total: 5 },
      rows: [
        { value: 'build', count: 4, share: 0.8 },
        { value: 'startup', count: 1, share: 0.2 },
      ],
    });
    expect((await collector.get(`${BREAKDOWN}${BUNDLER}&window=7d`)).body).toMatchObject({
      total: 4,
      rows: [
        { value: 'vite', share: 0.75 },
        { value: 'webpack', share: 0.25 },
      ],
    });
    // Reports are counted as before.
    const reports = `/v1/stats/breakdown?project=acme-cli&dimension=${BUNDLER}&window=7d`;
    for (const url of [reports, `${reports}&metric=reports`]) {
      expect((await collector.get(url)).body).toMatchObject({ unit: 'reports', total: 5 });
    }
  });

  it('are told day by day, without those who are deleted', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      build('ada', '2026-11-22', 'vite'),
      build('ada', '2026-11-20', 'vite'),
      build('bob', '2026-11-20', 'vite'),
    ]);
    const url = `/v1/stats/timeseries?project=acme-cli&from=2026-11-20&to=2026-11-22&group_by=${BUNDLER}`;
    const values = async (query = ''): Promise<unknown> => {
      const { body } = await collector.get(`${url}${query}`);
      return (body['rows'] as { value: number }[]).map(({ value }) => value);
    };
    expect((await collector.get(url)).body).toMatchObject({ metric: 'active', unit: 'people' });
    expect(await values()).toEqual([2, 0, 1]);
    expect(await values('&window=7d')).toEqual([2, 2, 2]);
    expect(await values('&metric=reports')).toEqual([2, 0, 1]);
    const { body } = await collector.get('/v1/users/ada?project=acme-cli', withToken());
    expect(body['events']).toEqual([
      { dimension: 'event', value: 'build', days: ['2026-11-20', '2026-11-22'] },
      { dimension: BUNDLER, value: 'vite', days: ['2026-11-20', '2026-11-22'] },
    ]);
    await collector.delete('/v1/users/ada?project=acme-cli', withToken());
    expect(await values()).toEqual([1, 0, 0]);
    expect(await values('&window=7d')).toEqual([1, 1, 1]);
    expect(await values('&metric=reports')).toEqual([2, 0, 1]);
  });

  it('name what is wrong with a question', async () => {
    const collector = await startCollector();
    for (const url of [
      '/v1/stats/breakdown?dimension=os&metric=reports',
      '/v1/stats/breakdown?dimension=nothing&metric=people',
      '/v1/stats/breakdown?dimension=field:build&metric=people',
      '/v1/stats/breakdown?dimension=event&metric=active',
      '/v1/stats/timeseries?group_by=event&metric=new',
    ]) {
      const { status, body } = await collector.get(url);
      expect({ url, status, code: body['code'] }).toEqual({
        ...{ url, status: 400, code: 'bad_parameter' },
      });
    }
  });

  it('are counted from the first whole day after an upgrade, which answers say', async () => {
    const data = temporaryFolder();
    createCountsV2(data);
    let now = new Date('2026-11-22T21:00:00Z');
    const collector = await startCollector({ data, now: () => now });
    const before = await collector.get(`${BREAKDOWN}event`);
    expect(before.body).toMatchObject({ people_since: '2026-11-23', rows: [] });
    await collector.post('/v1/reports', fullReport());
    expect(await rowsOf(collector, `${BREAKDOWN}event`)).toHaveLength(1);
    const series = await collector.get('/v1/stats/timeseries?project=acme-cli&group_by=event');
    expect(series.body).toMatchObject({ people_since: '2026-11-23' });
    const facts = await collector.get('/v1/stats/breakdown?project=acme-cli&dimension=os');
    expect(facts.body).not.toHaveProperty('people_since');
    now = new Date('2026-11-23T21:00:00Z');
    const whole = await collector.get(`${BREAKDOWN}event&window=1d`);
    expect(whole.body).not.toHaveProperty('people_since');
    const fresh = await startCollector();
    expect((await fresh.get(`${BREAKDOWN}event`)).body).not.toHaveProperty('people_since');
  });
});

describe('people by event and field, without a token', () => {
  const YESTERDAY = '2026-11-21';
  const crowd = (people: number, name: string, visit: Omit<Visit, 'user' | 'at'>): Visit[] =>
    Array.from({ length: people }, (_, n) => ({ ...visit, user: `${name}-${n}`, at: YESTERDAY }));
  const start = async (data: string, visits: readonly Visit[]): Promise<TestCollector> => {
    const collector = await startCollector({ data, visibility: 'detailed' });
    await reportVisits(collector, visits);
    return collector;
  };
  const shown = async (collector: TestCollector, dimension: string) => {
    const { status, body } = await collector.stranger(`${BREAKDOWN}${dimension}`);
    const rows = (body['rows'] ?? []) as { value: string; count: number }[];
    return { status, total: body['total'], rows: rows.map(({ value, count }) => [value, count]) };
  };

  it('are shown in groups of at least k, and the fewer who did something else tell of nobody', async () => {
    const data = temporaryFolder();
    const collector = await start(data, [
      ...crowd(40, 'v', { event: 'build', fields: { bundler: 'vite', warm: true } }),
      ...crowd(20, 'w', { event: 'build', fields: { bundler: 'webpack', warm: true } }),
      // 60 of 64 who build are warm: those who are not would follow.
      ...crowd(4, 'n', { event: 'build', fields: { bundler: 'none', warm: false } }),
      ...crowd(30, 's', { event: 'startup' }),
      ...crowd(3, 'd', { event: 'deploy', fields: { target: 'cloud' } }),
    ]);
    expect(await shown(collector, 'event')).toEqual({
      ...{ status: 200, total: 97, rows: [['build', 64]] },
    });
    // webpack goes with none, whose number would follow.
    expect(await shown(collector, BUNDLER)).toEqual({
      ...{ status: 200, total: 64, rows: [['vite', 40]] },
    });
    const { rows } = await shown(collector, 'field:build.warm');
    expect(rows).toEqual([['true', 54]]);
    // So few deploy that not even their number is shown.
    expect(await shown(collector, 'field:deploy.target')).toEqual({
      ...{ status: 200, total: null, rows: [] },
    });
    const { body } = await collector.stranger(`${BREAKDOWN}${BUNDLER}`);
    expect(body['merged']).toMatchObject({ below: 10, at_least: [] });
    const csv = await collector.stranger(`${BREAKDOWN}${BUNDLER}&format=csv`);
    expect(csv.text).toContain('vite,40');
  });

  it('leave a file for each dimension that has people, and for no made-up name', async () => {
    const data = temporaryFolder();
    const collector = await start(
      data,
      crowd(40, 'v', { event: 'build', fields: { bundler: 'vite' } }),
    );
    for (const name of ['bundler', 'nothing', 'nobody'])
      await shown(collector, `field:build.${name}`);
    await shown(collector, 'field:nothing.at-all');
    // The events, and the field.
    expect(readdirSync(join(data, 'public-cells'))).toHaveLength(2);
  });

  it('are joined below five people for a token of the project, where they would be of days', async () => {
    const collector = await start(temporaryFolder(), [
      ...crowd(7, 'v', { event: 'build', fields: { bundler: 'vite' } }),
      ...crowd(1, 'w', { event: 'build', fields: { bundler: 'webpack' } }),
    ]);
    const { body } = await collector.post(
      '/v1/tokens',
      { level: 'restricted', project: 'acme-cli', name: 'dashboard' },
      withToken(),
    );
    const token = withToken(String(body['token']));
    const rows = async (url: string): Promise<unknown> => {
      const answer = await collector.get(url, token);
      return (answer.body['rows'] as { value: string; count: number }[]).map(({ value, count }) => [
        value,
        count,
      ]);
    };
    expect(await rows(`${BREAKDOWN}${BUNDLER}&window=7d`)).toEqual([
      ['vite', 7],
      ['other', 1],
    ]);
    expect(await rows(`${BREAKDOWN}${BUNDLER}`)).toEqual([
      ['vite', 7],
      ['webpack', 1],
    ]);
  });
});
