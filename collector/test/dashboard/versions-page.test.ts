import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const PATH = '/p/acme-cli/versions';

const users = (names: string, version: string, at: string) =>
  names.split(' ').map((user) => ({ user, version, at }));

/** Five people; Ada and Bob go on to 2.0.0. The clock says Sunday, 22 November 2026. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  await reportVisits(collector, [
    ...users('ada bob cy', '1.9.0', '2026-11-18'),
    ...users('dee', '1.8.2', '2026-11-18'),
    ...users('ada bob', '2.0.0', '2026-11-20'),
    ...users('cy', '1.9.0', '2026-11-20'),
    ...users('dee', '1.8.2', '2026-11-20'),
    ...users('eve', '1.8.2', '2026-11-19'),
  ]);
  return collector;
}

interface Shown {
  readonly days: {
    readonly dates: readonly string[];
    readonly lastIsRunning: boolean;
    readonly series: readonly { version: string; shares: readonly (number | null)[] }[];
  };
  readonly support: { readonly total: number; readonly rows: readonly Record<string, unknown>[] };
}

async function show(collector: TestCollector, query = ''): Promise<Shown> {
  const { status, body } = await collector.get(`${PATH}?range=7d${query}`, PAGE);
  expect(status).toBe(200);
  return body['content'] as Shown;
}

const sharesOn = ({ days }: Shown, date: string) =>
  days.series.map(({ version, shares }) => [version, shares[days.dates.indexOf(date)]]);

describe('the page on versions', () => {
  it('shows the shares of the people of each day, the latest version first', async () => {
    const collector = await seed();
    const shown = await show(collector);
    expect(sharesOn(shown, '2026-11-18')).toEqual([
      ['2.0.0', 0],
      ['1.9.0', 0.75],
      ['1.8.2', 0.25],
    ]);
    expect(sharesOn(shown, '2026-11-20')).toEqual([
      ['2.0.0', 0.5],
      ['1.9.0', 0.25],
      ['1.8.2', 0.25],
    ]);
    // Nobody reported, so that nothing is known.
    expect(sharesOn(shown, '2026-11-21').map(([, share]) => share)).toEqual([null, null, null]);
    expect(shown.days.lastIsRunning).toBe(true);
  });

  it('puts versions together by their first numbers', async () => {
    const collector = await seed();
    const majors = await show(collector, '&group=major');
    expect(sharesOn(majors, '2026-11-20')).toEqual([
      ['2.x', 0.5],
      ['1.x', 0.5],
    ]);
    expect(majors.support.rows).toMatchObject([
      { version: '2.x', people: 2, peopleFromHere: 2 },
      { version: '1.x', people: 3, peopleFromHere: 5 },
    ]);
    const minors = await show(collector, '&group=minor');
    expect(minors.support.rows.map(({ version }) => version)).toEqual(['2.0.x', '1.9.x', '1.8.x']);
  });

  it('shows the support line and the table as the API counts them', async () => {
    const collector = await seed();
    await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken() },
      payload: { ended: { version: '<1.9' } },
    });
    const { body } = await collector.get('/v1/stats/support?project=acme-cli');
    const rows = body['rows'] as Record<string, unknown>[];
    const { support } = await show(collector);
    expect(support.total).toBe(5);
    expect(
      support.rows.map((row) => [row['version'], row['people'], row['share'], row['isEnded']]),
    ).toEqual(rows.map((row) => [row['value'], row['people'], row['share'], row['ended']]));

    const { text } = await collector.get(`${PATH}?range=7d&csv=support`, HTML);
    expect(text).toBe(
      'version,share,people,left_behind\r\n2.0.0,0.4,2,3\r\n1.9.0,0.6,3,2\r\n1.8.2,1,5,0\r\n',
    );
    // Without a choice it is the oldest version that has support; the form chooses without a script.
    const first = await collector.get(`${PATH}?range=7d`, HTML);
    expect(first.text).toContain('<b>1.9.0 and newer</b>: covers <b>60.0%</b>');
    expect(first.text).toMatch(/<noscript><form[^>]*method="get" action="\/p\/acme-cli\/versions"/);
    const chosen = await collector.get(`${PATH}?range=7d&from_version=2.0.0`, HTML);
    expect(chosen.text).toContain('<b>2.0.0 and newer</b>: covers <b>40.0%</b>');
  });

  it('shows twenty of a thousand versions, and has all in the CSV', async () => {
    const collector = await startCollector();
    const visits = Array.from({ length: 1000 }, (_, n) => ({
      ...{ user: `user-${n}`, version: `1.${n}.0`, at: '2026-11-20' },
    }));
    for (let at = 0; at < visits.length; at += 250) {
      await reportVisits(collector, visits.slice(at, at + 250));
    }
    const { text } = await collector.get(`${PATH}?range=7d`, HTML);
    expect(text.match(/<tr id="v-/g)).toHaveLength(20);
    expect(text).toContain('980 more versions');
    expect(text).toContain('980 under “other”');
    expect(text.length).toBeLessThan(150_000);
    const all = await collector.get(`${PATH}?range=7d&all=versions`, HTML);
    expect(all.text.match(/<tr id="v-/g)).toHaveLength(1000);
    const csv = await collector.get(`${PATH}?range=7d&csv=versions`, HTML);
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(1 + 1000);
    // The URL finds one, without a script, also among those that are not shown.
    const found = await collector.get(`${PATH}?range=7d&find=1.3.`, HTML);
    expect(found.text.match(/<tr id="v-[^"]*"/g)).toEqual(['<tr id="v-1.3.0"']);
    const one = await collector.get(`${PATH}?range=7d&find=1.3.&csv=versions`, HTML);
    expect(one.text.trimEnd().split('\r\n')).toHaveLength(1 + 1);
  });

  it('shows a project without people, and days before all others', async () => {
    const collector = await startCollector();
    await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken(), payload: {} },
    });
    for (const query of [
      '',
      '?range=custom&from=2024-01-01&to=2026-11-22',
      '?lang=zh&group=major',
    ]) {
      expect(await collector.get(PATH + query, HTML)).toMatchObject({ status: 200 });
    }
  });

  it('is for those with a token, who see no small group of a day', async () => {
    const collector = await seed();
    expect(await collector.stranger(PATH, { accept: 'text/html' })).toMatchObject({ status: 401 });
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const token = withToken(String(made.body['token']));
    const { body } = await collector.get(`${PATH}?range=7d`, { ...PAGE, ...token });
    expect(body['content']).toMatchObject({
      days: { mergedBelow: 5, series: [{ version: 'other' }] },
      support: { total: 5 },
    });
  });
});
