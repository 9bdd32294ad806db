import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type Answer } from '../support/start-collector.js';

interface GrowthRow {
  readonly date: string;
  readonly active: number;
  readonly active_before: number;
  readonly new: number;
  readonly retained: number;
  readonly resurrected: number;
  readonly lost: number;
}

const rowsOf = ({ body }: Answer): GrowthRow[] => body['rows'] as GrowthRow[];

const figures = (answer: Answer) =>
  rowsOf(answer).map((row) => [
    row.date.slice(-2),
    row.active,
    { new: row.new, retained: row.retained, resurrected: row.resurrected, lost: row.lost },
  ]);

/** A day of November 2026. */
const date = (day: number): string => `2026-11-${String(day).padStart(2, '0')}`;

describe('GET /v1/stats/growth', () => {
  it('tells who is new, stayed, came back and stopped', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: date(10) },
      { user: 'ada', at: date(19) },
      { user: 'bob', at: date(12) },
      { user: 'bob', at: date(18) },
      { user: 'eve', at: date(20) },
      { user: 'farm', at: date(20), source: 'ci' },
      { user: 'stranger', at: date(20), project: 'other' },
    ]);
    const ask = (query: string) =>
      collector.get(`/v1/stats/growth?project=acme-cli&from=2026-11-16&to=2026-11-20&${query}`);
    expect(figures(await ask('window=7d'))).toEqual([
      ['16', 2, { new: 0, retained: 2, resurrected: 0, lost: 0 }],
      // Ada was last seen on the 10th, and comes back two days later.
      ['17', 1, { new: 0, retained: 1, resurrected: 0, lost: 1 }],
      // Bob comes a week after the 12th less a day, so he was never lost.
      ['18', 1, { new: 0, retained: 1, resurrected: 0, lost: 0 }],
      ['19', 2, { new: 0, retained: 1, resurrected: 1, lost: 0 }],
      ['20', 3, { new: 1, retained: 2, resurrected: 0, lost: 0 }],
    ]);
    expect(figures(await ask('window=1d'))).toEqual([
      ['16', 0, { new: 0, retained: 0, resurrected: 0, lost: 0 }],
      ['17', 0, { new: 0, retained: 0, resurrected: 0, lost: 0 }],
      ['18', 1, { new: 0, retained: 0, resurrected: 1, lost: 0 }],
      ['19', 1, { new: 0, retained: 0, resurrected: 1, lost: 1 }],
      ['20', 1, { new: 1, retained: 0, resurrected: 0, lost: 1 }],
    ]);
    const month = await ask('');
    expect(month.body).toMatchObject({ window: '28d', timezone: 'UTC', project: 'acme-cli' });
    expect(figures(month).at(-1)).toEqual([
      '20',
      3,
      { new: 1, retained: 2, resurrected: 0, lost: 0 },
    ]);
  });

  it('takes somebody deleted out of the past, and counts the next report as a new person', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: date(19) },
      { user: 'bob', at: date(19) },
    ]);
    await collector.app.inject({
      method: 'DELETE',
      url: '/v1/users/ada?project=acme-cli',
      headers: withToken(),
    });
    const ask = () => collector.get('/v1/stats/growth?from=2026-11-19&to=2026-11-20&window=1d');
    expect(figures(await ask())).toEqual([
      ['19', 1, { new: 1, retained: 0, resurrected: 0, lost: 0 }],
      ['20', 0, { new: 0, retained: 0, resurrected: 0, lost: 1 }],
    ]);
  });

  it('adds up, from each day to the next', async () => {
    const collector = await startCollector();
    const visit = fc.record({ user: fc.nat(30), day: fc.integer({ min: 1, max: 22 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(visit, { minLength: 1, maxLength: 40 }),
        fc.uuid(),
        async (visits, project) => {
          const reports = visits.map(({ user, day }) => ({
            ...{ user: `user-${user}`, at: date(day), project },
          }));
          await reportVisits(collector, reports);
          for (const window of ['1d', '7d', '28d']) {
            const query = `project=${project}&from=2026-10-30&to=2026-12-24&window=${window}`;
            const rows = rowsOf(await collector.get(`/v1/stats/growth?${query}`));
            const ofDays = rows.reduce((all, row) => all + row.new, 0);
            expect(ofDays).toBe(new Set(visits.map(({ user }) => user)).size);
            for (const [at, row] of rows.entries()) {
              const before = at === 0 ? row.active_before : rows[at - 1]?.active;
              expect(row.active_before).toBe(before);
              expect(row.active - row.active_before).toBe(row.new + row.resurrected - row.lost);
              expect(row.retained).toBe(row.active - row.new - row.resurrected);
              const { retained, resurrected, lost } = row;
              expect(Math.min(row.active, row.new, retained, resurrected, lost)).toBeGreaterThan(
                -1,
              );
            }
            expect(rows.at(-1)).toMatchObject({ active: 0 });
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('refuses other windows', async () => {
    const collector = await startCollector();
    const answer = await collector.get('/v1/stats/growth?window=14d');
    expect(answer).toMatchObject({ status: 400, body: { parameter: 'window' } });
  });
});
