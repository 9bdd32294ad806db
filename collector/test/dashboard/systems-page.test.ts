import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const PATH = '/p/acme-cli/systems';

const users = (names: string, os: string, at: string) =>
  names.split(' ').map((user) => ({ user, os, at }));

/** Of the week before two people came on Linux, in this one four. The clock says 22 November 2026. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  await reportVisits(collector, [
    ...users('ada bob', 'Linux', '2026-11-11'),
    ...users('ada bob cy', 'Linux', '2026-11-18'),
    ...users('dee', 'Darwin', '2026-11-20'),
    // The day that runs is in no figure of complete days.
    ...users('eve', 'Linux', '2026-11-22'),
  ]);
  return collector;
}

interface Shown {
  readonly dimensions: readonly {
    readonly dimension: string;
    readonly total: number;
    readonly rows: readonly Record<string, unknown>[];
  }[];
}

async function show(collector: TestCollector, query = ''): Promise<Shown> {
  const { status, body } = await collector.get(`${PATH}?range=7d${query}`, PAGE);
  expect(status).toBe(200);
  return body['content'] as Shown;
}

const rowsOf = ({ dimensions }: Shown, name: string) =>
  dimensions.find(({ dimension }) => dimension === name)?.rows;

describe('the page on systems', () => {
  it('shows the people by each dimension, and how that changed in whole days', async () => {
    const collector = await seed();
    const shown = await show(collector);
    expect(rowsOf(shown, 'os')).toEqual([
      { value: 'Linux', count: 3, share: 0.75, change: 0.5 },
      { value: 'Darwin', count: 1, share: 0.25, change: null },
    ]);
    expect(rowsOf(await show(collector, '&compare=none'), 'os')).toMatchObject([
      { change: null },
      { change: null },
    ]);
  });

  it('has the figures of the API for every dimension but the version', async () => {
    const collector = await seed();
    const { dimensions } = await show(collector);
    const names = dimensions.map(({ dimension }) => dimension);
    expect(names).toContain('age');
    expect(names).not.toContain('version');
    for (const { dimension, total, rows } of dimensions) {
      const { body } = await collector.get(
        `/v1/stats/breakdown?project=acme-cli&window=7d&to=2026-11-21&dimension=${dimension}`,
      );
      expect([dimension, total]).toEqual([dimension, body['total']]);
      const figures = rows.map(({ value, count, share }) => ({ value, count, share }));
      expect(figures).toHaveLength((body['rows'] as object[]).length);
      expect(figures).toEqual(expect.arrayContaining(body['rows'] as object[]));
    }
  });

  it('gives a CSV of what it shows, with the names of the API', async () => {
    const collector = await seed();
    const { text } = await collector.get(`${PATH}?range=7d&csv=os`, HTML);
    expect(text).toBe('value,people,share,change\r\nLinux,3,0.75,0.5\r\nDarwin,1,0.25,\r\n');
    const page = await collector.get(`${PATH}?range=7d`, HTML);
    expect(page.text).toContain('macOS');
    const chinese = await collector.get(`${PATH}?range=7d&lang=zh`, HTML);
    expect(chinese.text).toContain('操作系统');
  });

  it('offers the ranges that differ, and those of other pages on their links', async () => {
    const collector = await seed();
    for (const path of [PATH, '/p/acme-cli/features']) {
      const { text } = await collector.get(`${path}?range=12m`, HTML);
      const links = [...text.matchAll(/<a href="([^"]+)\?range=(\w+)"( aria-current="true")?/g)];
      const own = links.filter(([, to]) => to === path);
      expect(own.map(([, , range]) => range)).toEqual(expect.arrayContaining(['7d', '28d']));
      expect(own.map(([, , range]) => range)).not.toContain('90d');
      expect(own.find(([, , , current]) => current !== undefined)?.[2]).toBe('28d');
      expect(text).toContain('"/p/acme-cli/versions?range=12m"');
    }
  });

  it('is for those with a token, who see no small group of single days', async () => {
    const collector = await seed();
    expect(await collector.stranger(PATH, { accept: 'text/html' })).toMatchObject({ status: 401 });
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const token = withToken(String(made.body['token']));
    const { body } = await collector.get(`${PATH}?range=7d`, { ...PAGE, ...token });
    const os = (body['content'] as Shown).dimensions.find(({ dimension }) => dimension === 'os');
    expect(os).toMatchObject({ mergedBelow: 5, rows: [{ value: 'other', count: 4 }] });
    const html = await collector.get(`${PATH}?range=7d`, { ...HTML, ...token });
    expect(html.text).toContain('Values of fewer than 5 people are part of “other”.');
  });
});
