import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const PATH = '/p/acme-cli/retention';

/** Ada comes again in the week after, Bob does not. The clock says Sunday, 22 November 2026. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  await reportVisits(collector, [
    { user: 'ada', at: '2026-11-03' },
    { user: 'ada', at: '2026-11-10' },
    { user: 'bob', at: '2026-11-04' },
    { user: 'eve', at: '2026-11-17' },
  ]);
  return collector;
}

describe('the page on retention', () => {
  it('shows of each week how many came again, and of what is not over that it is not', async () => {
    const collector = await seed();
    const { status, body } = await collector.get(`${PATH}?range=28d`, PAGE);
    expect(status).toBe(200);
    expect(body['content']).toMatchObject({
      page: 'retention',
      series: {
        period: 'week',
        cohorts: [
          {
            date: '2026-11-02',
            people: 2,
            cells: [
              { share: 0.5, complete: true },
              { share: 0, complete: false },
            ],
          },
          { date: '2026-11-16', people: 1, cells: [] },
        ],
      },
    });
    const { text } = await collector.get(`${PATH}?range=28d`, HTML);
    expect(text).toMatch(/<th scope="row" class="nowrap">2 Nov<\/th><td class="wide">2<\/td>/);
    expect(text).toContain('50%');
  });

  it('gives a CSV of what it shows, as the API counts it', async () => {
    const collector = await seed();
    const { text, headers } = await collector.get(`${PATH}?range=28d&csv=retention`, HTML);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')[1]).toBe('2026-11-02,2,0.5,');
  });

  it('is for those with a token', async () => {
    const collector = await seed();
    expect(await collector.stranger(PATH, { accept: 'text/html' })).toMatchObject({ status: 401 });
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const token = withToken(String(made.body['token']));
    expect(await collector.get(PATH, { ...PAGE, ...token })).toMatchObject({ status: 200 });
  });
});
