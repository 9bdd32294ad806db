import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPepper } from '../../src/privacy/pepper.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { withToken } from '../support/admin-token.js';
import { createCountsV2 } from '../support/counts-v2.js';
import { countedReport } from '../support/counted-report.js';
import { fullReport, reportId } from '../support/reports.js';
import { type Answer, startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Sunday evening. */
const NOW = Date.parse('2026-11-22T21:00:00Z');
const PATH = '/v1/stats/silence?project=acme-cli';

/** Reports by the moments at which they came, each of its own person. */
const receipts = (moments: readonly number[], changes: Partial<CountedReport> = {}) =>
  moments.map((at, n) => {
    const day = Math.floor(at / DAY);
    return countedReport({
      ...{ project: 'acme-cli', user: `u${n % 50}`, at, madeAt: at, day },
      ...{ receivedAt: at, receivedDay: day, ...changes },
    });
  });

/** Moments every so many minutes, up to one. */
const every = (minutes: number, days: number, last = NOW): number[] =>
  Array.from(
    { length: Math.floor((days * DAY) / (minutes * MINUTE)) },
    (_, n) => last - n * minutes * MINUTE,
  ).reverse();

/** A data folder in which some reports are counted. */
async function seed(reports: readonly CountedReport[]): Promise<string> {
  const data = temporaryFolder();
  openPepper(join(data, 'pepper'), true);
  const writer = openCountsWriter(join(data, 'counts.db'), 0);
  const inOrder = [...reports].sort((a, b) => a.receivedAt - b.receivedAt);
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: inOrder.length, reports: inOrder, deletions: [] },
    appliedAt: NOW,
  });
  await writer.close();
  return data;
}

/** A collector with a clock that can be set, which runs since long before. */
async function start(
  data: string,
  at = NOW,
  options: object = {},
): Promise<TestCollector & { readonly setClock: (to: number) => void }> {
  let now = NOW - DAY;
  const collector = await startCollector({ data, now: () => new Date(now), ...options });
  now = at;
  return { ...collector, setClock: (to: number) => void (now = to) };
}

const rowsOf = ({ body }: Answer) => body['rows'] as Record<string, unknown>[];

describe('GET /v1/stats/silence', () => {
  it('compares the age of the last report with the gaps of this hour', async () => {
    const collector = await start(await seed(receipts(every(10, 20))));
    collector.setClock(NOW + 4 * MINUTE);
    const { body } = await collector.get(PATH);
    expect(body).toMatchObject({
      ...{ project: 'acme-cli', timezone: 'UTC', days_needed: 14, left_out: 0 },
      listening_since: new Date(NOW - DAY).toISOString(),
    });
    expect(rowsOf(await collector.get(PATH))[0]).toEqual({
      ...{ project: 'acme-cli', kind: 'project', name: null, state: 'ok', since: null },
      ...{ last_counted_at: '2026-11-22T21:00:00.000Z', age_seconds: 240 },
      ...{ usual_gap_seconds: 600, long_gap_seconds: 600, days_known: 19 },
      ...{ last_date: null, days_without: null, long_gap_days: null },
      text: 'The last report came 4 min ago. That is usual: nine of ten gaps in this hour are no longer than 10 min.',
    });
    collector.setClock(NOW + 11 * MINUTE);
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({ state: 'quiet' });
    collector.setClock(NOW + 31 * MINUTE);
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({
      ...{ state: 'silent', since: '2026-11-22T21:00:00.000Z', age_seconds: 1860 },
      text: 'The last report came 31 min ago. That is silence: nine of ten gaps in this hour are no longer than 10 min.',
    });
  });

  it('takes the moment of receipt, whatever the clock of the client and the delivery', async () => {
    const collector = await start(await seed(receipts(every(10, 20))));
    collector.setClock(NOW + 2 * HOUR);
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({ state: 'silent' });
    // A batch that was on its way for three days.
    const timestamp = new Date(NOW - 3 * DAY).toISOString();
    const report = fullReport({ timestamp, report_id: reportId(NOW - 3 * DAY) });
    await collector.post('/v1/reports', { sent_at: timestamp, reports: [report] });
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({
      ...{ state: 'ok', age_seconds: 0, last_counted_at: '2026-11-22T23:00:00.000Z' },
    });
    // Sent once more it is no report that was counted.
    collector.setClock(NOW + 3 * HOUR);
    await collector.post('/v1/reports', { sent_at: timestamp, reports: [report] });
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({
      state: 'silent',
      age_seconds: 3600,
    });
  });

  it('tells of an event and a field that stopped while others go on', async () => {
    const perDay = (days: readonly number[], changes: Partial<CountedReport>) =>
      days.flatMap((back) => receipts(every(60, 1, NOW - back * DAY).slice(0, 8), changes));
    const days = Array.from({ length: 40 }, (_, back) => back);
    const data = await seed([
      ...perDay(days, { event: 'startup', fields: { shell: 'zsh' } }),
      // Old releases go on with the field, and new ones are without it.
      ...perDay(days.slice(12), { event: 'startup', fields: { shell: 'zsh', theme: 'dark' } }),
      ...perDay(days.slice(0, 12), { event: 'startup', fields: { shell: 'zsh' } }),
      ...perDay(days.slice(5), { event: 'build', fields: { bundler: 'vite' } }),
    ]);
    const collector = await start(data);
    const found = rowsOf(await collector.get(PATH))
      .slice(1)
      .map(({ kind, name, state, last_date, days_without }) => [
        ...[kind, name, state, last_date, days_without],
      ]);
    expect(found).toEqual([
      ['event', 'build', 'stopped', '2026-11-17', 4],
      ['field', 'startup.theme', 'stopped', '2026-11-10', 11],
      ['event', 'startup', 'ok', '2026-11-22', 0],
      // Its event has stopped, so nothing is missing in it.
      ['field', 'build.bundler', 'ok', '2026-11-17', 0],
      ['field', 'startup.shell', 'ok', '2026-11-22', 0],
    ]);
    const [, build] = rowsOf(await collector.get(PATH));
    expect(build).toMatchObject({
      ...{ since: '2026-11-18T00:00:00.000Z', long_gap_days: 1, last_counted_at: null },
      text: 'The event build came last on 2026-11-17, while other reports of the project came on 4 days since. It usually came again after 1 day at most.',
    });
  });

  it('knows nothing of counts from before hours were kept', async () => {
    const data = temporaryFolder();
    createCountsV2(data);
    const collector = await start(data);
    expect(rowsOf(await collector.get('/v1/stats/silence'))).toEqual([]);
    const [project, ...others] = rowsOf(await collector.get(PATH));
    expect(project).toMatchObject({
      ...{ state: 'unknown', last_counted_at: null, days_known: 0 },
      text: 'No report has been counted since hours are kept.',
    });
    expect(others).toEqual([]);
  });

  it('knows nothing usual of a new project', async () => {
    const collector = await start(await seed(receipts(every(10, 9))));
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({
      ...{ state: 'unknown', days_known: 8, usual_gap_seconds: null, long_gap_seconds: null },
      text: expect.stringContaining('8 of the 14 whole days') as string,
    });
    expect(rowsOf(await collector.get('/v1/stats/silence?project=nobody'))).toMatchObject([
      { project: 'nobody', state: 'unknown', last_counted_at: null, age_seconds: null },
    ]);
    await collector.post('/v1/reports', fullReport({ project: 'new' }));
    expect(rowsOf(await collector.get('/v1/stats/silence?project=new'))[0]).toMatchObject({
      ...{ state: 'unknown', age_seconds: 0, days_known: 0 },
    });
  });

  it('waits for reports only since the collector runs', async () => {
    const data = await seed(receipts(every(10, 20)));
    let now = NOW + 10 * HOUR;
    const collector = await startCollector({ data, now: () => new Date(now) });
    now += MINUTE;
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({
      state: 'ok',
      age_seconds: 36_060,
    });
    now += 30 * MINUTE;
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({
      ...{ state: 'silent', since: new Date(NOW + 10 * HOUR).toISOString() },
    });
  });

  it('tells all projects, those to look at first, each by its own zone', async () => {
    const data = await seed([
      ...receipts(every(10, 20)),
      ...receipts(every(10, 20, NOW - 2 * HOUR), { project: 'broken' }),
      ...receipts(every(10, 3), { project: 'young' }),
    ]);
    const collector = await start(data);
    await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/broken', headers: withToken() },
      payload: { timezone: 'Asia/Kathmandu' },
    });
    const rows = rowsOf(await collector.get('/v1/stats/silence'));
    expect(rows.map(({ project, kind, state }) => [project, kind, state])).toEqual([
      ['broken', 'project', 'silent'],
      ['young', 'project', 'unknown'],
      ['acme-cli', 'project', 'ok'],
    ]);
    expect((await collector.get('/v1/stats/silence?project=broken')).body).toMatchObject({
      timezone: 'Asia/Kathmandu',
    });
  });

  it('is no answer that a tag of before is good for', async () => {
    const collector = await start(await seed(receipts(every(10, 20))));
    const { headers } = await collector.get(PATH);
    const given = { 'if-none-match': String(headers['etag']) };
    expect((await collector.get(PATH, given)).status).toBe(304);
    collector.setClock(NOW + 31 * MINUTE);
    const later = await collector.get(PATH, given);
    expect(later.status).toBe(200);
    expect(rowsOf(later)[0]).toMatchObject({ state: 'silent' });
  });

  it('needs a token, and tells only an administrator the moment of few reports', async () => {
    const last = NOW - 7 * MINUTE - 1234;
    const collector = await start(await seed(receipts(every(20, 20, last))));
    const payload = { visibility: 'detailed' };
    await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken(), payload },
    });
    for (const url of [PATH, '/v1/stats/silence'])
      expect((await collector.stranger(url)).status).toBe(401);
    expect(rowsOf(await collector.get(PATH))[0]).toMatchObject({
      ...{ last_counted_at: new Date(last).toISOString(), age_seconds: 421 },
    });
    for (const level of ['restricted', 'developer']) {
      const made = await collector.post('/v1/tokens', { level, project: 'acme-cli' }, withToken());
      const headers = withToken(String(made.body['token']));
      expect(rowsOf(await collector.stranger(PATH, headers))[0]).toMatchObject({
        ...{ last_counted_at: '2026-11-22T20:00:00.000Z', age_seconds: 3600, state: 'ok' },
      });
      expect((await collector.stranger('/v1/stats/silence', headers)).status).toBe(403);
    }
  });

  it('tells below the administrator’s level no second of a report by its gaps', async () => {
    // Reports come until 20:30:33, and those who come in the evening wait until 20:47:22.
    const half = NOW - 29 * MINUTE - 27_000;
    const evening = NOW - 12 * MINUTE - 38_000;
    const days = Array.from({ length: 20 }, (_, back) => back * DAY);
    const data = await seed(
      receipts(
        days.flatMap((back) => [
          ...every(3, 1, half - back).filter((at) => at > half - back - 10 * HOUR),
          evening - back,
        ]),
      ),
    );
    // The evening's hour has many reports, that after it has none.
    const collector = await start(data, NOW + 20 * MINUTE + 5_000);
    const made = await collector.post('/v1/tokens', { level: 'developer' }, withToken());
    const headers = withToken(String(made.body['token']));
    const ask = async (url: string) => rowsOf(await collector.stranger(url, headers))[0];
    const exact = rowsOf(await collector.get(PATH))[0];
    expect(Number(exact?.['long_gap_seconds']) % 60).not.toBe(0);
    for (const url of [PATH, '/v1/stats/silence']) {
      // Fewer than five reports leave an hour a gap of at least 12 minutes.
      const row = await ask(url);
      expect(Number(row?.['usual_gap_seconds']) % 3600).toBe(0);
      expect(Number(row?.['long_gap_seconds']) % 3600).toBe(0);
      expect(row?.['long_gap_seconds']).toBeGreaterThanOrEqual(Number(exact?.['long_gap_seconds']));
      expect(row).toMatchObject({ last_counted_at: '2026-11-22T20:47:00.000Z', age_seconds: 1985 });
      expect(row?.['text']).toMatch(
        /^The last report came 33 min ago\. That is usual: .* \d+ h\.$/,
      );
    }
  });

  it('tells below the administrator’s level short gaps to the minute, and where few came to the hour', async () => {
    for (const [last, gap] of [
      [NOW - 2 * MINUTE - 10_000, 420],
      [NOW + 2 * MINUTE + 10_000, 3600],
    ] as const) {
      const data = await seed(receipts(every(6.05, 20, last)));
      const collector = await start(data, last + 50_000);
      const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
      const headers = withToken(String(made.body['token']));
      const row = rowsOf(await collector.stranger(PATH, headers))[0];
      expect(row).toMatchObject({ usual_gap_seconds: gap, long_gap_seconds: gap });
      expect(row?.['text']).toContain(`no longer than ${gap / 60} min`);
      expect(row?.['text']).not.toContain('The collector runs');
    }
  });

  it('changes its state below the administrator’s level at whole hours where few reports came', async () => {
    const last = NOW - 43 * MINUTE - 7_000;
    const collector = await start(await seed(receipts(every(30, 20, last))), last + 1000);
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const headers = withToken(String(made.body['token']));
    const states = async (now: number) => {
      collector.setClock(now);
      const asked = [await collector.get(PATH), await collector.stranger(PATH, headers)];
      return asked.map((answer) => rowsOf(answer)[0]?.['state']);
    };
    // Silence is three times half an hour: from 21:46:54 on.
    expect(await states(NOW + 46 * MINUTE)).toEqual(['quiet', 'quiet']);
    expect(await states(NOW + 48 * MINUTE)).toEqual(['silent', 'quiet']);
    expect(await states(NOW + 60 * MINUTE)).toEqual(['silent', 'silent']);
  });

  it('forgets a project that is removed, and knows it again when that is undone', async () => {
    const collector = await start(await seed(receipts(every(10, 20))));
    const before = rowsOf(await collector.get(PATH))[0];
    const { body } = await collector.delete('/v1/projects/acme-cli', withToken());
    await until(
      'it is removed',
      async () => rowsOf(await collector.get('/v1/stats/silence')).length === 0,
    );
    await collector.delete(`/v1/cleanings/${String(body['id'])}`, withToken());
    await until(
      'it is back',
      async () => rowsOf(await collector.get('/v1/stats/silence')).length === 1,
    );
    expect(rowsOf(await collector.get(PATH))[0]).toEqual(before);
  });
});

it('warns once when reports come no more, and says when they come again', async () => {
  const data = await seed(receipts(every(10, 20)));
  const collector = await start(data, NOW, { checkJobsEveryMs: 20 });
  const count = (text: string): number => collector.log().split(text).length - 1;
  collector.setClock(NOW + 40 * MINUTE);
  await until('it is in the log', () => count('That is silence') > 0);
  expect(collector.log()).toMatch(/"level":"warn".*"project":"acme-cli","state":"silent"/);
  expect((await collector.get('/health')).body['warnings']).toMatchObject({
    silence: { state: 'warning', value: 1, reason: expect.stringContaining('acme-cli') as string },
  });
  collector.setClock(NOW + 50 * MINUTE);
  await collector.get('/v1/stats/silence');
  await collector.post('/v1/reports', fullReport());
  await until('they come again', () => count('reports come again') > 0);
  expect((await collector.get('/health')).body['warnings']).toMatchObject({
    silence: { state: 'ok', value: 0, reason: null },
  });
  expect([count('That is silence'), count('reports come again')]).toEqual([1, 1]);
});
