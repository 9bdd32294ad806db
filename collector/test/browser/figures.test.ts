import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { readCsv } from '../support/read-csv.js';
import { readMetrics } from '../support/read-metrics.js';
import { shareBrowser } from './support/browser.js';
import { PROJECT, shareDemoCollector } from './support/demo-collector.js';
import { PROJECT_PAGES } from './support/pages.js';
import { visit } from './support/visit.js';

const TODAY = '2026-11-25';
const YESTERDAY = '2026-11-24';

const collector = shareDemoCollector();
const open = shareBrowser();

const ask = async (path: string): Promise<Record<string, unknown>> => {
  const { status, body } = await collector().get(path, withToken());
  expect([path, status]).toEqual([path, 200]);
  return body;
};

type Row = Readonly<Record<string, unknown>>;
const rowsOf = (body: Record<string, unknown>): readonly Row[] => body['rows'] as Row[];

async function openPage(path: string): Promise<Page> {
  const { page } = await open({ token: ADMIN_TOKEN });
  await visit(page, collector().address + path);
  return page;
}

/** A number as the page in English writes it: `12,840`. */
const numberOf = (text: string | null | undefined): number => {
  const [found] = /\d[\d,]*/.exec(text ?? '') ?? [];
  if (found === undefined) throw new Error(`No number is in: ${text}`);
  return Number(found.replaceAll(',', ''));
};

const csvOf = async (path: string): Promise<string[][]> => {
  const headers = { ...withToken(), accept: 'text/html' };
  const answer = await fetch(collector().address + path, { headers });
  expect([path, answer.headers.get('content-type')]).toEqual([path, 'text/csv; charset=utf-8']);
  return readCsv(await answer.text());
};

// By docs/collector/metrics.md: headcount_users is total_users; by growth.md: who was seen on one of
// the days of a window is active, the last day included; by collector/README.md: /stats has the
// figures of /v1/stats/summary under the names of the first generation.
describe('figures of one definition are one number', () => {
  it('for people of today, of all time, and of the windows up to today', async () => {
    const of = `project=${PROJECT}`;
    const summary = await ask(`/v1/stats/summary?${of}`);
    const stats = await ask(`/stats?${of}`);
    for (const name of ['total_users', 'daily_active_users', 'weekly_active_users']) {
      expect([name, stats[name]]).toEqual([name, summary[name]]);
    }
    const metrics = readMetrics((await collector().get('/metrics', withToken())).text);
    const metric = (name: string, labels: object): number | undefined =>
      metrics.find(
        (one) =>
          one.name === name &&
          Object.entries({ project: PROJECT, ...labels }).every(([k, v]) => one.labels[k] === v),
      )?.value;
    expect(metric('headcount_users', {})).toBe(summary['total_users']);
    for (const [window, name] of [
      ['1d', 'daily_active_users'],
      ['7d', 'weekly_active_users'],
      ['28d', 'monthly_active_users'],
    ] as const) {
      expect([name, metric('headcount_active_users', { window })]).toEqual([name, summary[name]]);
    }
    const live = await openPage(`/p/${PROJECT}/live`);
    expect(numberOf(await live.locator('.big b').innerText())).toBe(summary['daily_active_users']);
    expect(await live.getByText('people in all').innerText()).toContain(
      Number(summary['total_users']).toLocaleString('en-GB'),
    );
  });

  it('for the headline: 28 and 7 days and one, up to yesterday', async () => {
    const page = await openPage(`/p/${PROJECT}`);
    const growth = async (window: string): Promise<unknown> => {
      const answer = await ask(
        `/v1/stats/growth?project=${PROJECT}&window=${window}&from=${YESTERDAY}&to=${YESTERDAY}`,
      );
      return rowsOf(answer)[0]?.['active'];
    };
    expect(numberOf(await page.locator('h1 b').innerText())).toBe(await growth('28d'));
    const home = await openPage('/');
    const cells = await home
      .locator('tbody tr', { hasText: PROJECT })
      .locator('td')
      .allInnerTexts();
    const { daily_active_users: today } = await ask(`/v1/stats/summary?project=${PROJECT}`);
    const listed = [today, await growth('7d'), await growth('28d')];
    expect(cells.slice(0, 3).map(numberOf)).toEqual(listed);
    const figures = (await page.locator('section.head').innerText()).replaceAll(',', '');
    expect(figures).toContain(String(await growth('1d')));
    expect(figures).toContain(String(await growth('7d')));
    // The three parts of the band are all people of the headline.
    const band = await page.locator('section.head ul b, section.head .legend b').allInnerTexts();
    expect(band.map(numberOf).reduce((sum, one) => sum + one, 0)).toBe(await growth('28d'));
  });

  it('for each day: the table, its CSV and the series of the API', async () => {
    const [head = [], ...rows] = await csvOf(`/p/${PROJECT}?csv=active-by-day&range=28d`);
    const series = await ask(
      `/v1/stats/timeseries?project=${PROJECT}&metric=active&from=2026-10-29&to=${TODAY}`,
    );
    const at = head.indexOf('active');
    expect(at).toBeGreaterThan(0);
    expect(rows.map((row) => [row[0], Number(row[at])])).toEqual(
      rowsOf(series).map((row) => [row['date'] ?? row['bucket'], row['value']]),
    );
    const summary = await ask(`/v1/stats/summary?project=${PROJECT}`);
    expect(Number(rows.at(-1)?.[at])).toBe(summary['daily_active_users']);
  });

  it('for growth: what came and went explains how active people changed', async () => {
    const [head = [], ...rows] = await csvOf(`/p/${PROJECT}?csv=growth`);
    const column = (name: string): number => {
      const found = head.indexOf(name);
      expect([name, found]).not.toEqual([name, -1]);
      return found;
    };
    const [active, fresh, back, lost] = ['active', 'new', 'came_back', 'lost'].map(column);
    for (const [i, row] of rows.entries()) {
      const before = rows[i - 1];
      if (before === undefined) continue;
      const of = (at: number | undefined, cells = row): number => Number(cells[at ?? -1]);
      expect([row[0], of(active) - of(active, before)]).toEqual([
        row[0],
        of(fresh) + of(back) - Math.abs(of(lost)),
      ]);
    }
  });
});

describe('the table of every chart is its CSV, cell by cell', () => {
  it.each(Object.entries(PROJECT_PAGES))('on %s', async (name, path) => {
    const page = await openPage(path);
    const links = await page.locator('#main a[href*="csv="]').all();
    if (name !== 'live') expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      const href = (await link.getAttribute('href')) ?? '';
      const id = new URL(href, collector().address).searchParams.get('csv') ?? '';
      const table = page.locator(`#${id}-table table`);
      // A table that is its own twin shows what the CSV has in other columns.
      if ((await table.count()) === 0) continue;
      const [head = [], ...csv] = await csvOf(href);
      const texts = await table.locator('tbody :is(th, td)').allTextContents();
      expect([id, texts.length]).toEqual([id, csv.length * head.length]);
      const rows = csv.map((_, i) => texts.slice(i * head.length, (i + 1) * head.length));
      // The quarter of an hour that runs goes on between the two.
      const fixed = name === 'system' ? rows.slice(0, -1) : rows;
      for (const [i, row] of fixed.entries()) {
        for (const [j, text] of row.entries()) {
          expect([id, i, head[j], text, csv[i]?.[j]], `${text} is not ${csv[i]?.[j]}`).toSatisfy(
            () => says(text, csv[i]?.[j] ?? ''),
          );
        }
      }
    }
  });
});

/** Whether a text for people says the value of a cell in CSV, as far as people are told it. */
function says(text: string, value: string): boolean {
  if (value === '') return !/^\d/.test(text);
  if (/^-?\d+(\.\d+)?(e-?\d+)?$/.test(value)) return saysNumber(text, Number(value));
  const [date] = /^\d{4}-\d\d-\d\d/.exec(value) ?? [];
  if (date !== undefined) {
    const hasDay = text.includes(String(Number(date.slice(8))));
    // A moment is told by its time, and the end of a day that runs in words.
    return hasDay || value.includes('T') || !/\d/.test(text);
  }
  const plain = (name: string): string =>
    name.replaceAll(' ', '').replaceAll('–', '-').replaceAll('≥', '>=');
  return plain(text).includes(plain(value)) || value.startsWith("'") || !/\d/.test(value);
}

/** Of what the CSV has in shares, bytes and milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ '%': 0.01, kB: 1e3, MB: 1e6, GB: 1e9 },
  ...{ sec: 1e3, min: 6e4 },
};

function saysNumber(text: string, value: number): boolean {
  const found = /([-+−–]?)(<?)\s*(\d[\d,]*(?:\.(\d+))?)\s*(%|kB|MB|GB|sec|min)?/.exec(text);
  if (found === null) return false;
  const [, , isUnder, digits = '', decimals = '', unit = ''] = found;
  const factor = UNITS[unit] ?? 1;
  const shown = Number(digits.replaceAll(',', '')) * factor;
  const step = factor / 10 ** decimals.length;
  const size = Math.abs(value);
  return isUnder === '<' ? size < shown : Math.abs(size - shown) <= step / 2 + 1e-9;
}
