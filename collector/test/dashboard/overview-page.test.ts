import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../web/page/page.js';
import type { FirstRunContent } from '../../web/page/first-run-content.js';
import type { OverviewContent } from '../../web/page/overview-content.js';
import { withToken } from '../support/admin-token.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const HOSTILE = '<script>alert(1)</script>';

/** The clock says Sunday, 22 November 2026, 21:00. */
const TODAY = '2026-11-22';
const YESTERDAY = '2026-11-21';

const date = (day: number): string => `2026-11-${String(day).padStart(2, '0')}`;

/** From 4 to 22 November, as many people as the number of the day; one is of today alone. */
const VISITS: readonly Visit[] = Array.from({ length: 19 }, (_, at) => at + 4).flatMap((day) => [
  ...Array.from({ length: day }, (_, n) => ({
    ...{ user: `person-${n}`, at: date(day), os: n % 3 === 0 ? 'Windows' : 'Linux' },
    version: day > 14 ? '1.1.0' : '1.0.0',
  })),
]);

const undo: (() => void | Promise<void>)[] = [];
let collector: TestCollector;

beforeAll(async () => {
  collector = await startCollector({}, (step) => undo.unshift(step));
  for (let at = 0; at < VISITS.length; at += 50) {
    await reportVisits(collector, VISITS.slice(at, at + 50));
  }
  await collector.post(
    '/v1/projects/acme-cli/annotations',
    { date: TODAY, text: HOSTILE },
    withToken(),
  );
  await reportVisits(collector, [
    { user: 'mallory', at: TODAY, version: HOSTILE, os: HOSTILE },
    { user: 'somebody', at: TODAY, project: 'other' },
  ]);
});

afterAll(async () => {
  for (const step of undo) await step();
});

interface ShownPage {
  readonly frame: Frame;
  readonly content: OverviewContent;
}

async function pageOf(query = '', headers: Record<string, string> = PAGE): Promise<ShownPage> {
  const { status, body } = await collector.get(`/p/acme-cli${query}`, headers);
  expect(status).toBe(200);
  return body as unknown as ShownPage;
}

async function rowsOf(question: string): Promise<Record<string, unknown>[]> {
  const { status, body } = await collector.get(`/v1/stats/${question}&project=acme-cli`);
  expect(status).toBe(200);
  return body['rows'] as Record<string, unknown>[];
}

async function tokenOf(level: string, project?: string): Promise<Record<string, string>> {
  const made = await collector.post('/v1/tokens', { level, project }, withToken());
  expect(made.status).toBe(201);
  return { ...PAGE, ...withToken(String(made.body['token'])) };
}

/** The value of a part, which must be shown. */
function shown<Value>(part: { state: string } & { value?: Value }): Value {
  if (part.value === undefined) throw new Error(`It is ${part.state}.`);
  return part.value;
}

describe('the page of the morning', () => {
  it('has the figures of the API, of days that are over', async () => {
    const { content } = await pageOf();
    const headline = shown(content.headline);
    const [month] = await rowsOf(`growth?window=28d&from=${YESTERDAY}&to=${YESTERDAY}`);
    const [week] = await rowsOf(`growth?window=7d&from=${YESTERDAY}&to=${YESTERDAY}`);
    const [before] = await rowsOf(`growth?window=7d&from=${date(14)}&to=${date(14)}`);
    expect(headline.month.people).toBe(month?.['active']);
    expect(headline.week.people).toBe(week?.['active']);
    expect(headline.week.change).toBeCloseTo(
      Number(week?.['active']) / Number(before?.['active']) - 1,
    );
    expect(headline.yesterday).toMatchObject({
      ...{ people: 21, change: 0.5, comparedTo: date(14) },
    });
    const [band] = await rowsOf(`timeseries?window=28d&from=${YESTERDAY}&to=${YESTERDAY}`);
    const { certain, likely, ephemeral } = band ?? {};
    expect(headline.band).toEqual({ certain, likely, ephemeral });
  });

  it('tells the figures of the last day of a range that ended before', async () => {
    const range = `?range=custom&from=${date(6)}&to=${date(14)}`;
    const { content } = await pageOf(range);
    const headline = shown(content.headline);
    const [month] = await rowsOf(`growth?window=28d&from=${date(14)}&to=${date(14)}`);
    const [week] = await rowsOf(`growth?window=7d&from=${date(14)}&to=${date(14)}`);
    expect(headline).toMatchObject({
      ...{ until: date(14), today: 23, yesterday: { people: 14, comparedTo: date(7) } },
      ...{ month: { people: month?.['active'] }, week: { people: week?.['active'] } },
    });
    const [band] = await rowsOf(`timeseries?window=28d&from=${date(14)}&to=${date(14)}`);
    expect(headline.band).toMatchObject({ certain: band?.['certain'] });
    const { text } = await collector.get(`/p/acme-cli${range}`, HTML);
    expect(text).toContain('people in 28 days to 14 November');
    expect(shown((await pageOf()).content.headline).until).toBeNull();
  });

  it.each(['', '/versions', '/quality'])(
    'says that nobody reported in an empty range on %s, and draws no zeros',
    async (page) => {
      const range = `?range=custom&from=2026-10-01&to=2026-10-05`;
      const { text } = await collector.get(`/p/acme-cli${page}${range}`, HTML);
      expect(text).toContain('Nobody reported in this range.');
      expect(text).not.toMatch(/class="line" d="[^"]*L/);
      const chinese = await collector.get(`/p/acme-cli${page}${range}&lang=zh`, HTML);
      expect(chinese.text).toContain('此范围内没有人上报。');
    },
  );

  it('leads from a range before the first report to it', async () => {
    const range = '?range=custom&from=2026-10-05&to=2026-10-05';
    const { text } = await collector.get(`/p/acme-cli${range}`, HTML);
    expect(text).toContain('The first report came on 4 November 2026.');
    expect(text).toContain('from=2026-11-04">Show from there');
    expect(text).not.toContain('<b>0</b>');
    expect(text).not.toContain('people a day, 0');
    expect(text).not.toContain('5 October 2026 – 5 October 2026');
  });

  it('knows of no people a year ago, before the first report', async () => {
    const { content } = await pageOf('?range=7d&compare=year');
    const compared = shown(content.active).days.map((one) => one.compared);
    expect(compared).toEqual([...Array<null>(6).fill(null), undefined]);
    const { text } = await collector.get('/p/acme-cli?range=7d&compare=year', HTML);
    expect(text).toContain('– not known');
    expect(text).not.toMatch(/class="ghost compared" d="[^"]*L/);
    const csv = await collector.get('/p/acme-cli?range=7d&compare=year&csv=active-by-day', HTML);
    expect(csv.text.split('\r\n')[1]).toMatch(/^2026-11-16,16,,/);
  });

  it('compares the first day with nothing', async () => {
    const first = await startCollector();
    await reportVisits(first, [{ user: 'ada', at: TODAY }]);
    const { text } = await first.get('/p/acme-cli?range=7d', HTML);
    expect(text).toContain('There is nothing to compare with yet.');
    expect(text).not.toContain('0 + 0 new');
    // What came with the first report did not spread.
    expect(text).not.toContain('50% reached');
    const versions = await first.get('/p/acme-cli/versions', HTML);
    expect(versions.text).not.toMatch(/\b0 days/);
    // Of the days before the first report nobody knows: these are not zero.
    expect(text.match(/<dd class="n">–<\/dd><dd class="c">not known</g)).toHaveLength(2);
    expect(text).toContain('people a day, 1 day<');
  });

  it('shows the running day, and compares it with nothing', async () => {
    const { content } = await pageOf('?range=7d');
    expect(shown(content.headline)).toMatchObject({ today: 23, yesterday: { people: 21 } });
    expect(shown(content.headline).yesterday.course.at(-1)).toBe(21);
    const { days } = shown(content.active);
    const growth = await rowsOf(`growth?window=1d&from=${date(16)}&to=${TODAY}`);
    expect(days.map(({ people }) => people)).toEqual(growth.map((row) => row['active']));
    expect(days.map(({ isOver }) => isOver)).toEqual([...Array<boolean>(6).fill(true), false]);
    expect(shown(content.growth).periods.at(-1)).toMatchObject({ date: TODAY, isOver: false });
  });

  it('adds the growth of a week up to the next', async () => {
    const { content } = await pageOf('?range=28d');
    const { periods } = shown(content.growth);
    for (const one of periods) {
      expect(one.before + one.new + one.cameBack - one.lost).toBe(one.active);
    }
    const [row] = await rowsOf(`growth?window=7d&from=${date(15)}&to=${date(15)}`);
    expect(periods.find((one) => one.date === date(9))).toMatchObject({
      ...{ active: row?.['active'], isOver: true },
    });
  });

  it('gives the CSV of what it shows', async () => {
    const { text, headers } = await collector.get('/p/acme-cli?range=7d&csv=active-by-day', HTML);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = text.trim().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([
      ...[16, 17, 18, 19, 20, 21].map((day) => [date(day), String(day)]),
      [TODAY, '23'],
    ]);
  });

  it('opens a day, without script', async () => {
    const { content } = await pageOf(`?day=${date(16)}`);
    const day = shown(content.opened ?? { state: 'absent' });
    expect(day).toMatchObject({ date: date(16), before: date(9), people: 16, isOver: true });
    expect(day.tables.find(({ dimension }) => dimension === 'version')?.rows).toEqual([
      { value: '1.1.0', people: 16, before: 0 },
      { value: '1.0.0', people: 0, before: 9 },
    ]);
    const { text } = await collector.get(`/p/acme-cli?day=${date(16)}`, HTML);
    expect(text).toContain('<section class="row" id="day">');
  });

  it('is well made in both languages, and writes no names as markup', async () => {
    for (const language of ['en', 'zh']) {
      const { status, text } = await collector.get(
        `/p/acme-cli?lang=${language}&day=${TODAY}`,
        HTML,
      );
      expect(status).toBe(200);
      expect(text).not.toContain(HOSTILE);
      expect(text).toContain('&lt;script>alert(1)');
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('shows a level what it may see', async () => {
    const restricted = await pageOf('', await tokenOf('restricted'));
    expect(restricted.content.status).toMatchObject({
      refusedShare: null,
      lost: null,
      backup: null,
    });
    expect(shown(restricted.content.headline).month.people).toBeGreaterThan(0);
    const full = await pageOf();
    expect(full.content.status).toMatchObject({
      refusedShare: 0,
      lost: 0,
      backup: { ageMs: null },
    });
    const { status, headers } = await collector.stranger('/p/acme-cli', { accept: 'text/html' });
    expect([status, headers['location']]).toEqual([302, '/public/acme-cli']);
  });

  it('shows a token of one project no other', async () => {
    const own = await tokenOf('developer', 'acme-cli');
    const { frame } = await pageOf('', own);
    expect(frame.projects).toEqual(['acme-cli']);
    expect((await pageOf()).frame.projects).toEqual(['acme-cli', 'other']);
    expect((await collector.get('/p/other', own)).status).not.toBe(200);
  });

  it('draws the same weekday before beside each of few days', async () => {
    const { days } = shown((await pageOf('?range=7d')).content.active);
    // As many people as the number of the day; the running day is compared with nothing.
    expect(days.map(({ date: day, compared }) => [day, compared])).toEqual([
      [date(16), 9],
      [date(17), 10],
      [date(18), 11],
      [date(19), 12],
      [date(20), 13],
      [date(21), 14],
      [date(22), undefined],
    ]);
    const many = shown((await pageOf('?range=90d')).content.active);
    expect(many.days.every(({ compared }) => compared === undefined)).toBe(true);
  });

  it('begins with the first report, before which nobody knows of people', async () => {
    const { days, firstDate } = shown((await pageOf('?range=90d')).content.active);
    expect([days[0]?.date, firstDate]).toEqual([date(4), date(4)]);
  });

  it('compares with a year before, or with nothing, if asked to', async () => {
    const year = await pageOf('?compare=year&range=7d');
    expect(shown(year.content.headline).yesterday).toMatchObject({ change: null });
    expect(shown(year.content.active).days[0]).toMatchObject({ compared: null });
    const none = await collector.get('/p/acme-cli?compare=none', HTML);
    expect(none.text).not.toContain('class="delta');
  });

  it('says how to send the first report where there is no project yet', async () => {
    const empty = await startCollector();
    const home = await empty.get('/', { ...HTML, accept: PAGE.accept });
    expect(home.body['content']).toEqual({
      ...{ page: 'first-run', project: null, isHealthy: true },
    } satisfies FirstRunContent);
    const { text } = await empty.get('/', HTML);
    expect(text).toContain('Nobody has reported yet.');
  });

  it('waits for the first report of a project, and shows it', async () => {
    const path = '/p/silent-cli';
    const made = await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/silent-cli', payload: {}, headers: withToken() },
    });
    expect(made.statusCode).toBeLessThan(300);
    const first = await collector.get(path, PAGE);
    expect(first.body['content']).toEqual({
      page: 'first-run',
      project: 'silent-cli',
      isHealthy: true,
    } satisfies FirstRunContent);
    const { text } = await collector.get(path, { ...HTML, host: 'stats.acme.dev' });
    expect(text).toContain('curl -s http://stats.acme.dev/v1/reports');
    expect(text).toContain('&quot;project&quot;: &quot;silent-cli&quot;');
    await reportVisits(collector, [{ user: 'ada', at: TODAY, project: 'silent-cli' }]);
    const then = await collector.get(path, PAGE);
    expect(then.body['content']).toMatchObject({
      page: 'overview',
      headline: { value: { today: 1, month: { people: null } } },
    });
  });
});
