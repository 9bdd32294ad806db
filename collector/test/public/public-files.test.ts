import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { changeProject, people } from '../support/shown-project.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

/** Tags that are HTML's and not XML's, such as one whose attribute has no value: no browser shows them. */
const looseTags = (svg: string): string[] =>
  [...svg.replace(/<style>[^<]*<\/style>/, '').matchAll(/<[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/^<\/?[a-z][\w:-]*( [\w:-]+="[^"<]*")* ?\/?>$/i.test(tag));

const CSV = '/public/acme-cli/daily.csv';
const CHARTS = ['active', 'versions', 'systems'];
const chartOf = (name: string, more = '', project = 'acme-cli'): string =>
  `/v1/charts/${name}.svg?project=${encodeURIComponent(project)}${more}`;

const PAGE = { accept: 'application/vnd.headcount.page+json' };

/** The clock says 22 November 2026: the day before is the last complete one. */
async function seed(settings: object, options = {}): Promise<TestCollector> {
  const collector = await startCollector(options);
  await reportVisits(collector, [
    ...people(23, '2026-11-21', 'ada').map((visit) => ({ ...visit, version: '2.0.0' })),
    ...people(4, '2026-11-20', 'eve').map((visit) => ({ ...visit, version: '3.0.0-rc.1' })),
    ...people(14, '2026-11-20', 'bob').map((visit) => ({ ...visit, os: 'Windows' })),
    ...people(31, '2026-11-22', 'new').map((visit) => ({ ...visit, version: '9.9.9' })),
  ]);
  await changeProject(collector, settings);
  return collector;
}

const LASTING = {
  'cache-control': 'public, max-age=3600',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
};

describe('what everybody may take along', () => {
  it.each([
    { visibility: 'none', page: 404, files: 404, badge: 404 },
    { visibility: 'summary', page: 200, files: 404, badge: 200 },
    { visibility: 'detailed', page: 200, files: 200, badge: 200 },
  ])('follows the visibility $visibility', async ({ visibility, page, files, badge }) => {
    const collector = await seed({ visibility, badge: true });
    const statusOf = async (url: string): Promise<number> => (await collector.stranger(url)).status;
    expect(await statusOf('/public/acme-cli')).toBe(page);
    expect(await statusOf('/v1/badge.svg?project=acme-cli')).toBe(badge);
    expect(await statusOf(CSV)).toBe(files);
    for (const name of CHARTS) expect(await statusOf(chartOf(name))).toBe(files);
    // Hidden is hidden for an administrator, too: it is what the public sees.
    expect((await collector.get(CSV, withToken())).status).toBe(files);
  });

  it('says the same number on the page, in the CSV, the chart, the badge and the API', async () => {
    const collector = await seed({ visibility: 'detailed', badge: true });
    const [page, csv, chart, badge, growth] = await Promise.all([
      collector.stranger('/public/acme-cli', PAGE),
      collector.stranger(CSV),
      collector.stranger(chartOf('active')),
      collector.stranger('/v1/badge.json?project=acme-cli'),
      collector.stranger('/v1/stats/growth?project=acme-cli&window=28d'),
    ]);
    const rows = growth.body['rows'] as { date: string; active: number }[];
    const people28 = rows.find(({ date }) => date === '2026-11-21')?.active;
    expect(people28).toBe(41);
    expect(page.body['content']).toMatchObject({ headline: { people: 41 } });
    expect(csv.text.trim().split('\r\n')).toEqual([
      'date,people,people_7_days,people_28_days',
      '2026-11-20,18,18,18',
      '2026-11-21,23,41,41',
    ]);
    expect(chart.text).toContain('>41</text>');
    expect(badge.body['message']).toBe('41');
  });

  it('has no number of fewer people than k', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      ...people(3, '2026-11-20', 'ada'),
      ...people(12, '2026-11-21', 'bob'),
    ]);
    await changeProject(collector, { visibility: 'detailed' });
    expect((await collector.stranger(CSV)).text.trim().split('\r\n').slice(1)).toEqual([
      '2026-11-20,,,',
      '2026-11-21,12,15,15',
    ]);
    const { text } = await collector.stranger(chartOf('active'));
    expect(text).toContain('fewer than 10 on 20 November 2026, 15 on 21 November 2026');
  });

  it('may be shown and read by pages of others, and stays for an hour', async () => {
    let monotonicMs = 0;
    const collector = await seed({ visibility: 'detailed' }, { monotonicMs: () => monotonicMs });
    for (const url of [CSV, ...CHARTS.map((name) => chartOf(name))]) {
      expect((await collector.stranger(url)).headers).toMatchObject(LASTING);
    }
    const number = async (): Promise<string | undefined> =>
      / h e"[^>]*>([^<]+)</.exec((await collector.stranger(chartOf('active'))).text)?.[1];
    expect(await number()).toBe('41');
    await reportVisits(collector, people(30, '2026-11-21', 'late'));
    expect(await number()).toBe('41');
    monotonicMs = 60 * 60 * 1000;
    expect(await number()).toBe('71');
  });

  it('draws charts that stand alone: light and dark, named, without script or other files', async () => {
    const collector = await seed({ visibility: 'detailed' });
    for (const name of CHARTS) {
      const { text, headers } = await collector.stranger(chartOf(name));
      expect(headers['content-type']).toBe('image/svg+xml; charset=utf-8');
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; frame-ancestors 'none'$/,
      );
      expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="480"/);
      expect(text).toContain('prefers-color-scheme:dark');
      expect(text).toMatch(/<title id="t">acme-cli: [^<]+<\/title><desc id="d">[^<]+<\/desc>/);
      expect(text).not.toMatch(/<script|href|url\(|style="|<image/);
      expect(text).not.toMatch(/3\.0\.0-rc|9\.9\.9/);
    }
    const chinese = await collector.stranger(chartOf('active', '&lang=zh'));
    expect(chinese.text).toContain('lang="zh-CN"');
    expect(chinese.text).toContain('28 天活跃人数');
  });

  it('draws charts that are XML, also of a project whose first day is not over', async () => {
    const young = await startCollector();
    await reportVisits(young, people(12, '2026-11-22'));
    await changeProject(young, { visibility: 'detailed' });
    const seeded = await seed({ visibility: 'detailed' });
    for (const collector of [young, seeded]) {
      for (const name of CHARTS) {
        const { status, text } = await collector.stranger(chartOf(name));
        expect(status).toBe(200);
        expect(looseTags(text)).toEqual([]);
      }
    }
  });

  it('keeps names of others harmless', async () => {
    const project = '<script>alert("1")</script>\u0007&';
    const collector = await startCollector();
    await reportVisits(
      collector,
      people(12, '2026-11-21').map((visit) => ({ ...visit, project, os: '<img src=x onerror=a>' })),
    );
    await changeProject(collector, { visibility: 'detailed' }, project);
    for (const name of CHARTS) {
      const { status, text } = await collector.stranger(chartOf(name, '', project));
      expect(status).toBe(200);
      expect(text).not.toMatch(/<script|<img|\u0007/);
      expect(looseTags(text)).toEqual([]);
      expect(text).toContain('&lt;script');
    }
  });

  it('is not larger than 15 kB, with 400 days and 400 versions', async () => {
    const collector = await startCollector();
    const first = Date.UTC(2025, 9, 19);
    const dayOf = (n: number): string =>
      new Date(first + n * 86_400_000).toISOString().slice(0, 10);
    for (let n = 0; n < 399; n += 21) {
      await reportVisits(collector, people(11 + ((n * 7) % 40), dayOf(n), `d${n}`));
    }
    for (let block = 0; block < 4; block++) {
      await reportVisits(
        collector,
        people(100, '2026-11-21', `v${block}`).map((visit, n) => ({
          ...visit,
          version: `1.${block}.${n}`,
        })),
      );
    }
    await reportVisits(
      collector,
      people(90, '2026-11-20', 'known').map((visit, n) => ({ ...visit, version: `2.${n % 8}.0` })),
    );
    await changeProject(collector, { visibility: 'detailed' });
    for (const url of [chartOf('active', '&days=400'), chartOf('versions'), chartOf('systems')]) {
      const { status, text } = await collector.stranger(url);
      expect([status, status === 200 ? '' : text]).toEqual([200, '']);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(15_000);
    }
  });
});
