import { describe, expect, it } from 'vitest';
import { reportVisits } from '../support/report-visits.js';
import { startCollector } from '../support/start-collector.js';

describe('GET /v1/stats/breakdown', () => {
  it('tells what people ran in the last 28 days, of all people in them', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: '2026-11-22', version: '2.0.0' },
      { user: 'ada', at: '2026-11-01', version: '1.0.0' },
      { user: 'bob', at: '2026-10-26', version: '1.0.0' },
      { user: 'eve', at: '2026-10-25', version: '0.9.0' },
      { user: 'farm', at: '2026-11-22', version: '3.0.0', source: 'ci' },
    ]);
    const url = '/v1/stats/breakdown?dimension=version';
    expect(await collector.get(url)).toMatchObject({
      status: 200,
      body: {
        project: null,
        dimension: 'version',
        unit: 'people',
        window: '28d',
        date: '2026-10-26',
        start: '2026-10-26T00:00:00.000Z',
        end: '2026-11-23T00:00:00.000Z',
        complete: false,
        total: 2,
        values_left_out: 0,
        timezone: 'UTC',
        rows: [
          { value: '1.0.0', count: 2, share: 1 },
          { value: '2.0.0', count: 1, share: 0.5 },
        ],
      },
    });
    expect((await collector.get(`${url}&window=1d`)).body).toMatchObject({
      total: 1,
      rows: [{ value: '2.0.0', count: 1, share: 1 }],
    });
    expect((await collector.get(`${url}&window=1d&to=2026-10-25`)).body).toMatchObject({
      complete: true,
      total: 1,
      rows: [{ value: '0.9.0', count: 1 }],
    });
    expect((await collector.get(`${url}&limit=1`)).body).toMatchObject({
      values_left_out: 1,
      rows: [{ value: '1.0.0' }],
    });
  });

  it('tells what reports said', async () => {
    const collector = await startCollector();
    const build = { user: 'ada', at: '2026-11-22', event: 'build' };
    await reportVisits(collector, [
      { ...build, fields: { bundler: 'vite', warm: true } },
      { ...build, fields: { bundler: 'vite' } },
      { ...build, fields: { bundler: 'webpack' } },
      { user: 'bob', at: '2026-11-22' },
    ]);
    const url = '/v1/stats/breakdown?dimension=';
    expect((await collector.get(`${url}event`)).body).toMatchObject({
      unit: 'reports',
      total: 4,
      rows: [
        { value: 'build', count: 3, share: 0.75 },
        { value: 'startup', count: 1, share: 0.25 },
      ],
    });
    expect((await collector.get(`${url}field:build.bundler`)).body).toMatchObject({
      unit: 'reports',
      total: 3,
      rows: [
        { value: 'vite', count: 2, share: 2 / 3 },
        { value: 'webpack', count: 1 },
      ],
    });
    expect((await collector.get(`${url}field:build.nothing`)).body).toMatchObject({ rows: [] });
  });

  it('tells how sure it is that IDs are people', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: '2026-11-22' },
      { user: 'bob', at: '2026-11-22', source: 'time' },
      { user: 'eve', at: '2026-11-22', source: 'time', isKept: false },
    ]);
    const answer = await collector.get('/v1/stats/breakdown?dimension=certainty&format=csv');
    expect(answer.text.split('\r\n').slice(1, 4).sort()).toEqual([
      'certain,1,0.3333333333333333',
      'ephemeral,1,0.3333333333333333',
      'likely,1,0.3333333333333333',
    ]);
  });

  it('names a parameter that is wrong, and what it may be', async () => {
    const collector = await startCollector();
    const allowed: unknown = expect.arrayContaining([
      'os',
      'certainty',
      'event',
      'field:<event>.<name>',
    ]);
    expect(await collector.get('/v1/stats/breakdown?dimension=shoes')).toMatchObject({
      status: 400,
      body: { parameter: 'dimension', allowed },
    });
    for (const [query, parameter] of [
      ['', 'dimension'],
      ['dimension=os&window=32d', 'window'],
      ['dimension=os&limit=1001', 'limit'],
      ['dimension=os&to=2026-13-01', 'to'],
    ]) {
      const answer = await collector.get(`/v1/stats/breakdown?${query}`);
      expect([query, answer]).toMatchObject([query, { status: 400, body: { parameter } }]);
    }
  });
});
