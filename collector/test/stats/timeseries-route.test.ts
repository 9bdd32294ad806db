import { describe, expect, it } from 'vitest';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type Answer } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const rowsOf = (answer: Answer) => answer.body['rows'] as Record<string, unknown>[];

const values = (answer: Answer) => rowsOf(answer).map(({ date, value }) => [date, value]);

const groups = (answer: Answer) =>
  rowsOf(answer).map(({ date, group, value }) => [date, group, value]);

/** Ada every day of a week, Bob at its ends, Eve new on its last. Today is 2026-11-22, a Sunday. */
async function collectorWithAWeek() {
  const collector = await startCollector();
  await reportVisits(collector, [
    ...[16, 17, 18, 19, 20, 21, 22].map((day) => ({
      user: 'ada',
      at: `2026-11-${day}`,
      version: day < 20 ? '1.0.0' : '2.0.0',
    })),
    { user: 'bob', at: '2026-11-16', os: 'Darwin', source: 'time' },
    { user: 'bob', at: '2026-11-22', os: 'Darwin', source: 'time' },
    { user: 'eve', at: '2026-11-22', source: 'time', isKept: false, event: 'build' },
    { user: 'ci-github', at: '2026-11-21', source: 'ci' },
  ]);
  return collector;
}

describe('GET /v1/stats/timeseries', () => {
  it('tells how many were active on each day, and how sure that is', async () => {
    const collector = await collectorWithAWeek();
    const answer = await collector.get('/v1/stats/timeseries?from=2026-11-21&to=2026-11-22');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        project: null,
        metric: 'active',
        unit: 'people',
        interval: 'day',
        window: null,
        timezone: 'UTC',
        as_of: '2026-11-22T21:00:00.000Z',
        rows: [
          {
            date: '2026-11-21',
            start: '2026-11-21T00:00:00.000Z',
            end: '2026-11-22T00:00:00.000Z',
            complete: true,
            value: 1,
            certain: 1,
            likely: 0,
            ephemeral: 0,
          },
          { date: '2026-11-22', complete: false, value: 3, certain: 1, likely: 1, ephemeral: 1 },
        ],
      },
    });
  });

  it('answers for the last 30 days, 13 weeks or 12 months where no days are named', async () => {
    const collector = await startCollector();
    for (const [interval, count, first, last] of [
      ['day', 30, '2026-10-24', '2026-11-22'],
      ['week', 13, '2026-08-24', '2026-11-16'],
      ['month', 12, '2025-12-01', '2026-11-01'],
    ] as const) {
      const rows = rowsOf(await collector.get(`/v1/stats/timeseries?interval=${interval}`));
      expect([rows.length, rows[0]?.['date'], rows.at(-1)?.['date']]).toEqual([count, first, last]);
      expect(rows.map(({ complete }) => complete)).toEqual([
        ...Array.from({ length: count - 1 }, () => true),
        false,
      ]);
    }
  });

  it('looks back over a window of any length', async () => {
    const collector = await collectorWithAWeek();
    const url = '/v1/stats/timeseries?from=2026-11-20&to=2026-11-24&window=';
    expect(values(await collector.get(`${url}7d`)).map(([, value]) => value)).toEqual([
      2, 2, 3, 3, 3,
    ]);
    expect(values(await collector.get(`${url}2d`)).map(([, value]) => value)).toEqual([
      1, 1, 3, 3, 0,
    ]);
    const year = await collector.get(`${url}365d`);
    expect(rowsOf(year)[2]).toMatchObject({ value: 3, certain: null });
  });

  it('counts each person once in a week or month', async () => {
    const collector = await collectorWithAWeek();
    const weeks = await collector.get('/v1/stats/timeseries?interval=week&from=2026-11-18');
    expect(values(weeks)).toEqual([['2026-11-16', 3]]);
    const months = await collector.get('/v1/stats/timeseries?interval=month&from=2026-11-18');
    expect(rowsOf(months)[0]).toMatchObject({ value: 3, certain: 1, likely: 1, ephemeral: 1 });
  });

  it('tells new people from those who come again, and counts reports', async () => {
    const collector = await collectorWithAWeek();
    const url = '/v1/stats/timeseries?from=2026-11-16&to=2026-11-22&interval=week&metric=';
    expect(values(await collector.get(`${url}new`))).toEqual([['2026-11-16', 3]]);
    expect(values(await collector.get(`${url}returning`))).toEqual([['2026-11-16', 0]]);
    expect(values(await collector.get(`${url}reports`))).toEqual([['2026-11-16', 10]]);
    const days = '/v1/stats/timeseries?from=2026-11-22&metric=returning';
    expect(values(await collector.get(days))).toEqual([['2026-11-22', 2]]);
  });

  it('tells build farms apart', async () => {
    const collector = await collectorWithAWeek();
    const url = '/v1/stats/timeseries?from=2026-11-21&to=2026-11-21&population=ci';
    expect(rowsOf(await collector.get(url))).toMatchObject([{ value: 1 }]);
    expect(values(await collector.get(`${url}&metric=reports`))).toEqual([['2026-11-21', 1]]);
  });

  it('tells people apart by what they run, and reports by what they say', async () => {
    const collector = await collectorWithAWeek();
    const url = '/v1/stats/timeseries?from=2026-11-22&to=2026-11-22';
    expect(groups(await collector.get(`${url}&group_by=os&window=7d`))).toEqual([
      ['2026-11-22', 'Linux', 2],
      ['2026-11-22', 'Darwin', 1],
    ]);
    const versions = await collector.get(`${url}&group_by=version&window=7d`);
    expect(groups(versions)).toEqual([
      ['2026-11-22', '1.0.0', 3],
      ['2026-11-22', '2.0.0', 1],
    ]);
    const one = await collector.get(`${url}&group_by=version&window=7d&limit=1`);
    expect(one.body).toMatchObject({ groups_left_out: 1, rows: [{ group: '1.0.0' }] });
    expect(groups(await collector.get(`${url}&group_by=event&metric=reports`))).toEqual([
      ['2026-11-22', 'startup', 2],
      ['2026-11-22', 'build', 1],
    ]);
  });

  it('writes rows as CSV that no spreadsheet takes for formulas, and as NDJSON', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      { user: 'ada', at: '2026-11-22', fields: { name: '=HYPERLINK("http://x")' } },
      { user: 'bob', at: '2026-11-22', fields: { name: 'a "b", c' } },
    ]);
    const url = '/v1/stats/timeseries?from=2026-11-22&metric=reports&group_by=field:startup.name';
    const csv = await collector.get(`${url}&format=csv`);
    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'headcount-timezone': 'UTC',
      'headcount-as-of': '2026-11-22T21:00:00.000Z',
    });
    const span = '2026-11-22,2026-11-22T00:00:00.000Z,2026-11-23T00:00:00.000Z,false';
    expect(csv.text).toBe(
      'date,start,end,complete,group,value,unusual\r\n' +
        `${span},"'=HYPERLINK(""http://x"")",1,false\r\n${span},"a ""b"", c",1,false\r\n`,
    );
    const ndjson = await collector.get(url, { accept: 'application/x-ndjson, */*' });
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = ndjson.text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { group: '=HYPERLINK("http://x")', value: 1 },
      { group: 'a "b", c', value: 1 },
    ]);
  });

  it('has no groups that no window has anything of', async () => {
    const collector = await startCollector();
    // Both in one week, of which the window sees the last day only.
    await reportVisits(collector, [
      { user: 'ada', at: '2026-11-17', version: '1.0.0' },
      { user: 'ada', at: '2026-11-22', version: '2.0.0' },
    ]);
    const url =
      '/v1/stats/timeseries?interval=week&window=1d&from=2026-11-10&to=2026-11-22&group_by=version';
    const answer = await collector.get(url);
    expect(answer.body).toMatchObject({ groups_left_out: 0 });
    expect(groups(answer)).toEqual([
      ['2026-11-09', '2.0.0', 0],
      ['2026-11-16', '2.0.0', 1],
    ]);
    const limited = await collector.get(`${url}&limit=1`);
    expect(limited.body).toMatchObject({ groups_left_out: 0 });
  });

  it.each(['=1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'lets no spreadsheet take %j for a formula',
    async (name) => {
      const collector = await startCollector();
      await reportVisits(collector, [{ user: 'ada', at: '2026-11-22', fields: { name } }]);
      const { text } = await collector.get(
        '/v1/stats/breakdown?dimension=field:startup.name&window=1d&format=csv',
      );
      const [, row = ''] = text.split(/\r\n(?="?')/);
      expect(row.replaceAll('"', '')).toBe(`'${name.trim()},1,1\r\n`);
    },
  );

  it('says 304 to whoever has the answer, until something is counted or another day begins', async () => {
    let now = new Date('2026-11-22T21:00:00.000Z');
    const collector = await startCollector({ now: () => now });
    await reportVisits(collector, [{ user: 'ada', at: '2026-11-22' }]);
    const url = '/v1/stats/timeseries';
    const first = await collector.get(url);
    const etag = String(first.headers['etag']);
    const again = await collector.get(url, { 'if-none-match': `"other", ${etag}` });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers['etag']).toBe(etag);
    expect(await collector.get(`${url}?metric=new`, { 'if-none-match': etag })).toMatchObject({
      status: 200,
    });
    const csv = { accept: 'text/csv', 'if-none-match': etag };
    expect(await collector.get(url, csv)).toMatchObject({ status: 200 });
    await reportVisits(collector, [{ user: 'bob', at: '2026-11-22' }]);
    const second = await collector.get(url, { 'if-none-match': etag });
    expect(second.status).toBe(200);
    now = new Date('2026-11-23T00:00:00.000Z');
    const tomorrow = { 'if-none-match': String(second.headers['etag']) };
    expect(await collector.get(url, tomorrow)).toMatchObject({ status: 200 });
  });

  it('answers anew after a restart: another release may answer otherwise', async () => {
    const data = temporaryFolder();
    const first = await startCollector({ data });
    await reportVisits(first, [{ user: 'ada', at: '2026-11-22' }]);
    const etag = String((await first.get('/v1/stats/timeseries')).headers['etag']);
    await first.close();
    const second = await startCollector({ data });
    const again = await second.get('/v1/stats/timeseries', { 'if-none-match': etag });
    expect(again.status).toBe(200);
  });

  it('names a parameter that is wrong, and what it may be', async () => {
    const collector = await startCollector();
    const cases = [
      ['metric=users', 'metric', ['active', 'new', 'returning', 'reports']],
      ['interval=hour', 'interval', ['day', 'week', 'month']],
      ['window=0d', 'window', undefined],
      ['window=7', 'window', undefined],
      ['window=366d', 'window', ['1d to 365d']],
      ['window=32d&group_by=os', 'window', ['1d to 31d']],
      ['from=2025-10-18&group_by=os', 'from', undefined],
      ['from=2026-02-30', 'from', undefined],
      ['from=9999-12-31&to=9999-12-31', 'to', ['1970-01-01 to 2027-11-23']],
      ['from=0000-01-01&to=1969-12-31', 'to', ['1970-01-01 to 2027-11-23']],
      ['from=yesterday', 'from', undefined],
      ['from=2026-11-23&to=2026-11-22', 'from', undefined],
      ['from=2020-01-01', 'from', undefined],
      ['tz=Europe/Berlin', 'tz', ['UTC']],
      ['group_by=shoe_size', 'group_by', expect.arrayContaining(['os', 'version'])],
      ['group_by=nothing', 'group_by', expect.arrayContaining(['os', 'version'])],
      ['metric=reports&group_by=os', 'group_by', ['event', 'field:<event>.<name>']],
      ['metric=new&group_by=os', 'group_by', []],
      ['population=ci&group_by=os', 'group_by', []],
      ['format=xml', 'format', ['json', 'csv', 'ndjson']],
      ['limit=51&group_by=os', 'limit', undefined],
      ['metrik=active', 'metrik', undefined],
    ] as const;
    for (const [query, parameter, allowed] of cases) {
      const answer = await collector.get(`/v1/stats/timeseries?${query}`);
      expect([query, answer]).toMatchObject([
        query,
        { status: 400, body: { code: 'bad_parameter', parameter } },
      ]);
      if (allowed) expect([query, answer.body['allowed']]).toEqual([query, allowed]);
    }
    for (const query of ['from=2025-10-18', 'from=2025-10-19&group_by=os']) {
      expect(await collector.get(`/v1/stats/timeseries?${query}`)).toMatchObject({ status: 200 });
    }
  });
});
