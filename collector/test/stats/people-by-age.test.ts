import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const TODAY = '2026-11-22';
const NOON = Date.parse(`${TODAY}T12:00:00Z`);
const dateAgo = (days: number): string =>
  new Date(NOON - days * 86_400_000).toISOString().slice(0, 10);
const BREAKDOWN = '/v1/stats/breakdown?project=acme-cli&dimension=age';

async function rowsOf(collector: TestCollector, url: string): Promise<unknown[]> {
  const { body } = await collector.get(url, withToken());
  return (body['rows'] as { value: string; count: number }[]).map(({ value, count }) => [
    value,
    count,
  ]);
}

/** Starts a collector and reports each visit on its own day. */
async function startWith(visits: readonly Visit[], options = {}) {
  let now = new Date(NOON);
  const collector = await startCollector({ ...options, now: () => now });
  for (const date of [...new Set(visits.map(({ at }) => at.slice(0, 10)))].sort()) {
    now = new Date(Date.parse(`${date}T23:30:00Z`));
    await reportVisits(
      collector,
      visits.filter(({ at }) => at.startsWith(date)),
    );
  }
  now = new Date(Date.parse(`${TODAY}T23:59:00Z`));
  return { collector };
}

describe('people by age', () => {
  it('count under the age of each of their days, once in a window', async () => {
    const { collector } = await startWith([
      ...[168, 0].map((ago) => ({ user: 'ada', at: dateAgo(ago) })),
      ...[28, 22, 1].map((ago) => ({ user: 'bob', at: dateAgo(ago) })),
      ...[7, 2, 1, 0].map((ago) => ({ user: 'eve', at: dateAgo(ago) })),
      { user: 'new', at: TODAY },
      { user: 'farm', at: TODAY, source: 'ci' },
    ]);
    expect(await rowsOf(collector, `${BREAKDOWN}&window=1d`)).toEqual([
      ['older', 1],
      ['week_1', 1],
      ['weeks_2_4', 1],
    ]);
    expect(await rowsOf(collector, `${BREAKDOWN}&window=7d`)).toEqual([
      ['week_1', 2],
      ['weeks_2_4', 2],
      ['older', 1],
    ]);
    const { body } = await collector.get(`${BREAKDOWN}&window=7d`, withToken());
    expect(body).toMatchObject({
      unit: 'people',
      total: 4,
      rows: [{ value: 'week_1', share: 0.5 }, {}, {}],
    });
    const url = `/v1/stats/timeseries?project=acme-cli&from=${dateAgo(7)}&to=${TODAY}&group_by=age&format=csv`;
    const { text } = await collector.get(url, withToken());
    expect(text).toContain(`,weeks_2_4,1,false`);
    await collector.delete('/v1/users/eve?project=acme-cli', withToken());
    expect(await rowsOf(collector, `${BREAKDOWN}&window=7d`)).toEqual([
      ['older', 1],
      ['week_1', 1],
      ['weeks_2_4', 1],
    ]);
  });

  it('have the days of the project’s zone', async () => {
    // In Auckland, 23:30 by UTC is the next day: seven days there, six by UTC.
    const visits = [
      { user: 'ada', at: '2026-11-15T09:00:00Z' },
      { user: 'ada', at: '2026-11-21T23:00:00Z' },
    ];
    for (const [timezone, value] of [
      ['UTC', 'week_1'],
      ['Pacific/Auckland', 'weeks_2_4'],
    ]) {
      const { collector } = await startWith(visits, { timezone });
      const to = timezone === 'UTC' ? '2026-11-21' : '2026-11-22';
      expect(await rowsOf(collector, `${BREAKDOWN}&window=1d&to=${to}`)).toEqual([[value, 1]]);
    }
  });

  it('change with a report that comes late', async () => {
    const { collector } = await startWith([
      { user: 'ada', at: dateAgo(6) },
      { user: 'ada', at: TODAY },
    ]);
    const days = () => rowsOf(collector, `${BREAKDOWN}&window=7d`);
    expect(await days()).toEqual([['week_1', 1]]);
    await reportVisits(collector, [{ user: 'ada', at: dateAgo(28) }]);
    expect(await days()).toEqual([
      ['weeks_2_4', 1],
      ['weeks_5_24', 1],
    ]);
  });

  it('are joined below the administrator’s level where they are few', async () => {
    const old = Array.from({ length: 6 }, (_, n) =>
      [7, 0].map((ago) => ({ user: `o${n}`, at: dateAgo(ago) })),
    );
    const { collector } = await startWith([...old.flat(), { user: 'ada', at: TODAY }]);
    const { body } = await collector.post(
      '/v1/tokens',
      { level: 'restricted', name: 'r' },
      withToken(),
    );
    const restricted = withToken(String(body['token']));
    const answer = await collector.get(`${BREAKDOWN}&window=1d`, restricted);
    expect(answer.body).toMatchObject({
      merged: { below: 5 },
      rows: [
        { value: 'weeks_2_4', count: 6 },
        { value: 'other', count: 1 },
      ],
    });
  });

  it('are not counted by reports, and not cleaned', async () => {
    const { collector } = await startWith([{ user: 'ada', at: TODAY }]);
    const refused = { status: 400, body: { code: 'bad_parameter' } };
    expect(await collector.get(`${BREAKDOWN}&metric=reports`, withToken())).toMatchObject(refused);
    const url = '/v1/stats/timeseries?project=acme-cli&group_by=age&metric=reports';
    expect(await collector.get(url, withToken())).toMatchObject(refused);
    const where = { dimension: 'age', value: 'week_1' };
    const answer = await collector.post('/v1/projects/acme-cli/cleanings', { where }, withToken());
    expect(answer.status).toBe(422);
    expect(await rowsOf(collector, BREAKDOWN)).toEqual([['week_1', 1]]);
  });
});
