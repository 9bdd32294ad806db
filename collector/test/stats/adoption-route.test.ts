import { describe, expect, it } from 'vitest';
import { reportVisits } from '../support/report-visits.js';
import { startCollector } from '../support/start-collector.js';

const november = (day: number): string => `2026-11-${String(day).padStart(2, '0')}`;

describe('GET /v1/stats/adoption', () => {
  it('tells the share each version has from day to day, and when half of the people had it', async () => {
    const collector = await startCollector();
    // Ada moves on the 10th, Bob on the 12th, Eve never; each of them comes every day.
    const moves = { ada: 10, bob: 12, eve: 99 };
    await reportVisits(
      collector,
      Object.entries(moves).flatMap(([user, moved]) =>
        Array.from({ length: 14 }, (_, n) => n + 1).map((day) => ({
          user,
          at: november(day),
          version: day < moved ? '1.0.0' : '2.0.0',
        })),
      ),
    );
    const url = `/v1/stats/adoption?from=${november(9)}&to=${november(14)}&window=1d`;
    const { body } = await collector.get(url);
    expect(body).toMatchObject({
      dimension: 'version',
      window: '1d',
      timezone: 'UTC',
      values_left_out: 0,
      values: [
        { value: '1.0.0', first_date: null, peak_share: 1, days_to_half: null },
        { value: '2.0.0', first_date: november(10), peak_share: 2 / 3, days_to_half: 2 },
      ],
    });
    const rows = (body['rows'] as Record<string, unknown>[]).filter(
      (row) => row['value'] === '2.0.0',
    );
    expect(rows.map(({ date, people, share }) => [date, people, share])).toEqual([
      [november(9), 0, 0],
      [november(10), 1, 1 / 3],
      [november(11), 1, 1 / 3],
      [november(12), 2, 2 / 3],
      [november(13), 2, 2 / 3],
      [november(14), 2, 2 / 3],
    ]);
  });

  it('shows those with most on the days asked for, whatever there was before', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: november(12), version: '1.0.0' },
      { user: 'bob', at: november(12), version: '1.0.0' },
      { user: 'eve', at: november(14), version: '1.0.0' },
      ...['ada', 'bob'].map((user) => ({ user, at: november(14), version: '2.0.0' })),
    ]);
    const url = `/v1/stats/adoption?from=${november(14)}&to=${november(14)}&window=2d&limit=1`;
    expect((await collector.get(url)).body).toMatchObject({
      values_left_out: 1,
      values: [{ value: '2.0.0', first_date: november(14), peak_share: 2 / 3 }],
    });
  });

  it('looks at other dimensions of people, and at nothing else', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [{ user: 'ada', at: november(22), os: 'Darwin' }]);
    expect((await collector.get('/v1/stats/adoption?dimension=os')).body).toMatchObject({
      values: [{ value: 'Darwin', first_date: november(22), days_to_half: 0 }],
    });
    const wrong = await collector.get('/v1/stats/adoption?dimension=event');
    expect(wrong).toMatchObject({ status: 400, body: { parameter: 'dimension' } });
  });

  it('tells values apart on 400 days at once, and on no more', async () => {
    const collector = await startCollector();
    const most = await collector.get('/v1/stats/adoption?from=2025-10-19');
    expect(most).toMatchObject({ status: 200 });
    expect(await collector.get('/v1/stats/adoption?from=2025-10-18')).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter: 'from' },
    });
  });
});
