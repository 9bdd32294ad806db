import { describe, expect, it } from 'vitest';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type Answer } from '../support/start-collector.js';

const cells = (answer: Answer) =>
  (answer.body['rows'] as Record<string, unknown>[]).map(
    ({ cohort, period, size, people, rate }) => [cohort, period, size, people, rate],
  );

describe('GET /v1/stats/retention', () => {
  it('tells how many of those first seen in a week came again', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: '2026-11-02' },
      { user: 'ada', at: '2026-11-08' },
      { user: 'ada', at: '2026-11-22' },
      { user: 'bob', at: '2026-11-05' },
      { user: 'eve', at: '2026-11-15' },
      { user: 'eve', at: '2026-11-16' },
      { user: 'farm', at: '2026-11-02', source: 'ci' },
    ]);
    const answer = await collector.get('/v1/stats/retention?from=2026-11-02');
    expect(cells(answer)).toEqual([
      ['2026-11-02', 0, 2, 2, 1],
      ['2026-11-02', 1, 2, 0, 0],
      ['2026-11-02', 2, 2, 1, 0.5],
      ['2026-11-09', 0, 1, 1, 1],
      ['2026-11-09', 1, 1, 1, 1],
      ['2026-11-16', 0, 0, 0, 0],
    ]);
    expect(answer.body).toMatchObject({ interval: 'week', timezone: 'UTC' });
    expect((answer.body['rows'] as object[])[2]).toMatchObject({
      date: '2026-11-16',
      start: '2026-11-16T00:00:00.000Z',
      end: '2026-11-23T00:00:00.000Z',
      complete: false,
    });
    const days = await collector.get(
      '/v1/stats/retention?interval=day&from=2026-11-15&to=2026-11-15',
    );
    expect(cells(days).slice(0, 3)).toEqual([
      ['2026-11-15', 0, 1, 1, 1],
      ['2026-11-15', 1, 1, 1, 1],
      ['2026-11-15', 2, 1, 0, 0],
    ]);
    const months = await collector.get('/v1/stats/retention?interval=month&from=2026-10-01');
    expect(cells(months)).toEqual([
      ['2026-10-01', 0, 0, 0, 0],
      ['2026-10-01', 1, 0, 0, 0],
      ['2026-11-01', 0, 3, 3, 1],
    ]);
  });

  it('moves a person to an earlier cohort when a late report says so', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [{ user: 'ada', at: '2026-11-22' }]);
    await reportVisits(collector, [{ user: 'ada', at: '2026-11-09' }]);
    expect(cells(await collector.get('/v1/stats/retention?from=2026-11-09'))).toEqual([
      ['2026-11-09', 0, 1, 1, 1],
      ['2026-11-09', 1, 1, 1, 1],
      ['2026-11-16', 0, 0, 0, 0],
    ]);
  });

  it('refuses what would be too large an answer', async () => {
    const collector = await startCollector();
    const answer = await collector.get('/v1/stats/retention?interval=day&from=2026-01-01');
    expect(answer).toMatchObject({ status: 400, body: { parameter: 'from' } });
  });
});
