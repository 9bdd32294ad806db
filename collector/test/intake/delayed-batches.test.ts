import { describe, expect, it } from 'vitest';
import { bearer, firstGenerationReport, fullReport, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const DAY_MS = 86_400_000;

/** Received on the morning of the 23rd. */
const RECEIVED = new Date('2026-11-23T09:59:00.000Z');

const made = (timestamp: string, id = Date.parse(timestamp)) =>
  fullReport({ timestamp, report_id: reportId(id) });

interface Sent {
  readonly at?: string;
  readonly reports: readonly object[];
}

async function receive({ at, reports }: Sent, timezone = 'UTC'): Promise<TestCollector> {
  const collector = await startCollector({ timezone, now: () => RECEIVED });
  const body = { ...(at !== undefined && { sent_at: at }), reports };
  expect(await collector.post('/v1/reports', body)).toMatchObject({ status: 202 });
  return collector;
}

/** What is counted by day, and what `quality` says beside `accepted`. */
async function counted(sent: Sent, timezone?: string) {
  const collector = await receive(sent, timezone);
  const query = 'metric=reports&from=2026-10-20&to=2026-11-23';
  const series = await collector.get(`/v1/stats/timeseries?${query}`);
  const rows = series.body['rows'] as { start: string; date?: string; value: number }[];
  const days = rows.flatMap((row, at) => {
    const day = new Date(Date.parse('2026-10-20') + at * DAY_MS).toISOString().slice(0, 10);
    return Array<string>(row.value).fill(day);
  });
  const { accepted, ...quality } = await collector.store.quality({ project: null });
  expect(accepted).toBe(sent.reports.length);
  return { days, quality };
}

const YESTERDAY = '2026-11-22';
const TODAY = '2026-11-23';

describe('a right clock', () => {
  it('sends yesterday’s report today', async () => {
    expect(
      await counted({ at: '2026-11-23T09:58:59Z', reports: [made('2026-11-22T13:59:00Z')] }),
    ).toEqual({ days: [YESTERDAY], quality: { late: 1 } });
  });

  it('made a batch at 13:59 that was delivered 20 hours later', async () => {
    expect(
      await counted({ at: '2026-11-22T13:59:00Z', reports: [made('2026-11-22T13:58:00Z')] }),
    ).toEqual({ days: [YESTERDAY], quality: { delayed: 1, late: 1, day_uncertain: 1 } });
  });

  it('is sure where a report is newer than the moment of sending, by timestamp or by ID', async () => {
    const first = made('2026-11-22T13:58:00Z');
    const later = made('2026-11-22T18:00:00Z');
    const byId = made('2026-11-22T13:58:00Z', Date.parse('2026-11-22T18:00:00Z'));
    for (const second of [later, byId]) {
      expect(await counted({ at: '2026-11-22T13:59:00Z', reports: [first, second] })).toEqual({
        days: [YESTERDAY, YESTERDAY],
        quality: { delayed: 2, late: 2 },
      });
    }
  });

  it('sends 20 days of reports that were held for some more hours', async () => {
    const reports = Array.from({ length: 20 }, (_, n) =>
      made(new Date(Date.parse('2026-11-02T12:00:00Z') + n * DAY_MS).toISOString()),
    );
    const { days, quality } = await counted({ at: '2026-11-21T13:00:00Z', reports });
    expect(days).toEqual(reports.map(({ timestamp }) => timestamp.slice(0, 10)));
    expect(quality).toEqual({ delayed: 20, late: 20, day_uncertain: 20 });
  });

  it('does not know the day less well for a delay within it', async () => {
    expect(
      await counted({ at: '2026-11-23T01:47:00Z', reports: [made('2026-11-23T01:46:00Z')] }),
    ).toEqual({ days: [TODAY], quality: { delayed: 1 } });
  });
});

describe('a wrong clock', () => {
  it.each([
    ['8 hours slow, as one on Pacific time', '2026-11-23T01:59:20Z', '2026-11-23T01:58:00Z'],
    ['4 hours fast', '2026-11-23T13:59:00Z', '2026-11-23T13:58:00Z'],
    ['10 minutes fast', '2026-11-23T10:09:00Z', '2026-11-23T10:08:00Z'],
    ['3 days fast', '2026-11-26T09:59:00Z', '2026-11-26T09:58:00Z'],
    ['70 years fast', '2096-11-23T09:59:00Z', '2096-11-23T09:58:00Z'],
    ['in 1970', '1970-01-01T00:10:00Z', '1970-01-01T00:09:00Z'],
    ['31 days slow', '2026-10-23T09:58:00Z', '2026-10-23T09:57:00Z'],
  ])('that is %s is corrected', async (_what, at, timestamp) => {
    expect(await counted({ at, reports: [made(timestamp)] })).toEqual({
      days: [TODAY],
      quality: { clock_corrected: 1 },
    });
  });

  it('of another zone is marked where it matters: the batch may have been held', async () => {
    expect(
      await counted({ at: '2026-11-22T23:59:00Z', reports: [made('2026-11-22T23:58:00Z')] }),
    ).toEqual({ days: [TODAY], quality: { clock_corrected: 1, day_uncertain: 1 } });
  });

  it('whose batch was held too is corrected by both, as far as sent_at tells', async () => {
    // A year slow, and then held for 20 hours.
    expect(
      await counted({ at: '2025-11-22T13:59:00Z', reports: [made('2025-11-22T13:58:00Z')] }),
    ).toEqual({ days: [TODAY], quality: { clock_corrected: 1 } });
  });
});

it('takes a report without sent_at at its word', async () => {
  expect(await counted({ reports: [made('2026-11-22T13:58:00Z')] })).toEqual({
    days: [YESTERDAY],
    quality: { late: 1 },
  });
  expect(await counted({ reports: [made('1970-01-01T00:00:00Z')] })).toEqual({
    days: [TODAY],
    quality: { timestamps_clamped: 1 },
  });
  expect(
    await counted({ reports: [firstGenerationReport({ timestamp: '2026-11-22T13:58' })] }),
  ).toEqual({ days: [TODAY], quality: {} });
});

it('tells the day by the zone of the project, also where clocks change', async () => {
  const collector = await startCollector({
    timezone: 'Europe/Berlin',
    now: () => new Date('2026-10-25T12:00:00Z'),
  });
  // The 25th began at 22:00Z, in summer time.
  for (const [sent_at, timestamp] of [
    ['2026-10-24T21:40:00Z', '2026-10-24T21:30:00Z'],
    ['2026-10-24T22:40:00Z', '2026-10-24T22:30:00Z'],
  ] as const) {
    await collector.post('/v1/reports', { sent_at, reports: [made(timestamp)] });
  }
  const { body } = await collector.get('/v1/stats/timeseries?from=2026-10-24&metric=reports');
  expect(body['rows']).toMatchObject([{ value: 1 }, { value: 1 }]);
  expect(await collector.store.quality({ project: null })).toEqual({
    accepted: 2,
    delayed: 2,
    late: 1,
    day_uncertain: 1,
  });
});

it('brings nobody back by a report that may have been made before the deletion', async () => {
  let now = new Date('2026-11-22T12:00:00Z');
  const collector = await startCollector({ now: () => now });
  await collector.post('/v1/reports', made('2026-11-22T11:00:00Z'));
  const path = '/v1/users/9f86d081884c7d65?project=acme-cli';
  expect((await collector.delete(path, bearer())).status).toBe(202);
  now = new Date('2026-11-22T16:00:00Z');
  // Five hours slow, or held for five hours.
  const sent_at = '2026-11-22T11:00:00Z';
  await collector.post('/v1/reports', { sent_at, reports: [made('2026-11-22T10:59:00Z')] });
  expect((await collector.get('/stats')).body).toMatchObject({ total_users: 0 });
  expect(await collector.store.quality({ project: null })).toMatchObject({ forgotten: 1 });
});

it('says in quality, and in its CSV, how many days are not sure', async () => {
  const collector = await receive({
    at: '2026-11-22T13:59:00Z',
    reports: [made('2026-11-22T13:58:00Z')],
  });
  expect((await collector.get('/v1/stats/quality')).body).toMatchObject({
    clock_corrected: 0,
    delayed: 1,
    day_uncertain: 1,
  });
  const { text } = await collector.get('/v1/stats/quality?format=csv');
  expect(text).toContain('delayed,1\r\nday_uncertain,1\r\n');
});
