import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'a-token-of-24-characters';

async function setZone(collector: TestCollector, project: string, timezone: string) {
  return collector.app.inject({
    method: 'PUT',
    url: `/v1/projects/${project}`,
    headers: { authorization: `Bearer ${TOKEN}` },
    payload: { timezone },
  });
}

const days = async (collector: TestCollector, query: string) => {
  const { body } = await collector.get(`/v1/stats/timeseries?${query}`);
  const rows = body['rows'] as { date: string; value: number; start: string; end: string }[];
  return rows.filter(({ value }) => value > 0);
};

describe('days', () => {
  it('are those of the project’s time zone, from when it is set', async () => {
    const collector = await startCollector({ adminToken: TOKEN });
    const visits = (at: string) => reportVisits(collector, [{ user: 'ada', at, project: 'acme' }]);
    await visits('2026-11-20T18:30:00Z');
    const answer = await setZone(collector, 'acme', 'Asia/Kathmandu');
    expect(answer.json()).toMatchObject({ timezone: 'Asia/Kathmandu', status: 'open' });
    // The day begins at 18:15 by UTC there.
    await visits('2026-11-21T18:14:59Z');
    expect(await days(collector, 'project=acme')).toMatchObject([
      { date: '2026-11-20', value: 1 },
      {
        date: '2026-11-21',
        value: 1,
        start: '2026-11-20T18:15:00.000Z',
        end: '2026-11-21T18:15:00.000Z',
      },
    ]);
    await visits('2026-11-21T18:15:00Z');
    expect((await days(collector, 'project=acme')).map(({ date }) => date)).toEqual([
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
    ]);
    const summary = await collector.get('/v1/stats/summary?project=acme');
    expect(summary.body).toMatchObject({ timezone: 'Asia/Kathmandu' });
  });

  it('have 23 and 25 hours where clocks are changed', async () => {
    const now = () => new Date('2026-10-28T12:00:00Z');
    const collector = await startCollector({ timezone: 'Europe/Berlin', now });
    const { body } = await collector.get('/v1/stats/timeseries?from=2026-10-24&to=2026-10-26');
    const rows = body['rows'] as { start: string; end: string }[];
    const hours = rows.map(({ start, end }) => (Date.parse(end) - Date.parse(start)) / 3_600_000);
    expect(hours).toEqual([24, 25, 24]);
    await reportVisits(collector, [
      { user: 'ada', at: '2026-10-24T21:59:59Z' },
      { user: 'bob', at: '2026-10-24T22:00:00Z' },
      { user: 'eve', at: '2026-10-25T22:59:59Z' },
    ]);
    expect(await days(collector, '')).toMatchObject([
      { date: '2026-10-24', value: 1 },
      { date: '2026-10-25', value: 2 },
    ]);
    const spring = await collector.get('/v1/stats/timeseries?from=2026-03-29&to=2026-03-29');
    const [day] = spring.body['rows'] as { start: string; end: string }[];
    expect((Date.parse(day?.end ?? '') - Date.parse(day?.start ?? '')) / 3_600_000).toBe(23);
  });

  it('begin for “today” when they do in the zone', async () => {
    let now = new Date('2026-11-22T22:59:59Z');
    const collector = await startCollector({ timezone: 'Europe/Berlin', now: () => now });
    await reportVisits(collector, [{ user: 'ada', at: '2026-11-22T22:00:00Z' }]);
    const today = async () => (await collector.get('/stats')).body['daily_active_users'];
    expect(await today()).toBe(1);
    now = new Date('2026-11-22T23:00:00Z');
    expect(await today()).toBe(0);
  });

  it('are refused in a zone that they are not told in, which is named', async () => {
    const collector = await startCollector({ adminToken: TOKEN });
    const tz = 'tz=Europe/Berlin';
    expect(await collector.get(`/v1/stats/timeseries?${tz}`)).toMatchObject({
      status: 400,
      body: { parameter: 'tz', allowed: ['UTC'] },
    });
    await setZone(collector, 'acme', 'Europe/Berlin');
    expect(await collector.get(`/v1/stats/timeseries?project=acme&${tz}`)).toMatchObject({
      status: 200,
    });
    const alias = await collector.get('/v1/stats/timeseries?project=acme&tz=europe/berlin');
    expect(alias.status).toBe(200);
  });

  it('take no zone that is none', async () => {
    const collector = await startCollector({ adminToken: TOKEN });
    for (const zone of ['Mars/Olympus', '+05:30', '', 'UTC+1']) {
      const answer = await setZone(collector, 'acme', zone);
      expect([zone, answer.statusCode, answer.json()]).toMatchObject([
        zone,
        422,
        { code: 'bad_zone', path: '/timezone' },
      ]);
    }
    const data = temporaryFolder();
    const settings = {
      status: 'open',
      created_at: '2026-11-22T00:00:00Z',
      timezone: 'Mars/Olympus',
    };
    const file = { version: 1, projects: { acme: settings } };
    writeFileSync(join(data, 'projects.json'), JSON.stringify(file));
    await expect(startCollector({ data })).rejects.toThrow(/acme.*Mars\/Olympus/);
  });
});
