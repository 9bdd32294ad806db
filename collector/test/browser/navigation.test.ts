import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { shareBrowser } from './support/browser.js';
import { PROJECT, shareDemoCollector } from './support/demo-collector.js';
import { visit } from './support/visit.js';

const collector = shareDemoCollector();
const open = shareBrowser();

const at = (path: string): string => collector().address + path;

/** Marks the document: the mark is gone after another one was loaded. */
const mark = (page: Page): Promise<unknown> => page.evaluate('window.isSameDocument = true');
const isMarked = (page: Page): Promise<unknown> => page.evaluate('window.isSameDocument === true');

const rangeOf = (page: Page): Promise<string> =>
  page.getByRole('group', { name: 'Range' }).locator('[aria-current]').first().innerText();

/** The headline and the days: what no machine is too slow for, unlike a forecast. */
const figuresOf = async (page: Page): Promise<string> =>
  (await page.locator('h1, #active-by-day-table tbody th').allTextContents()).join('\n');

async function openOverview(path = `/p/${PROJECT}`): Promise<Page> {
  const { page } = await open({ token: ADMIN_TOKEN });
  await visit(page, at(path));
  return page;
}

const choose = async (page: Page, name: string): Promise<void> => {
  const group = page.getByRole('group', { name: 'Range' });
  await group.getByRole('link', { name, exact: true }).click();
  await expect.poll(() => rangeOf(page), { timeout: 20_000 }).toBe(name);
};

describe('going from view to view', () => {
  it(
    'changes the URL with the range, and back and forward restore both',
    { timeout: 120_000 },
    async () => {
      const page = await openOverview();
      await mark(page);
      const views = [
        { url: page.url(), range: await rangeOf(page), figures: await figuresOf(page) },
      ];
      for (const [range, name] of [
        ['7d', '7 days'],
        ['28d', '28 days'],
      ] as const) {
        await choose(page, name);
        expect(new URL(page.url()).searchParams.get('range')).toBe(range);
        views.push({ url: page.url(), range: name, figures: await figuresOf(page) });
      }
      expect(new Set(views.map(({ figures }) => figures)).size).toBe(views.length);
      const look = async () => ({
        url: page.url(),
        range: await rangeOf(page),
        figures: await figuresOf(page),
      });
      for (const view of [views[1], views[0]]) {
        await page.goBack();
        await expect.poll(look, { timeout: 20_000 }).toEqual(view);
      }
      for (const view of views.slice(1)) {
        await page.goForward();
        await expect.poll(look, { timeout: 20_000 }).toEqual(view);
      }
      expect(await isMarked(page)).toBe(true);
    },
  );

  it('shows what is compared, and keeps it from page to page', async () => {
    const page = await openOverview(`/p/${PROJECT}?range=28d`);
    await mark(page);
    await page.locator('details.pick summary').click();
    await page.getByRole('link', { name: 'a year before' }).click();
    await page.waitForURL(/compare=year/);
    await expect
      .poll(() => page.locator('details.pick summary').innerText(), { timeout: 20_000 })
      .toContain('year');
    // The menu has done its work.
    expect(await page.locator('details.pick').getAttribute('open')).toBe(null);
    await page.getByRole('navigation', { name: 'Pages' }).getByText('Versions').click();
    await page.getByRole('heading', { level: 1, name: 'Versions' }).waitFor();
    expect(page.url()).toBe(at(`/p/${PROJECT}/versions?range=28d&compare=year`));
    expect(await isMarked(page)).toBe(true);
  });

  it('takes days of one’s own', async () => {
    const page = await openOverview();
    await page.locator('.seg details summary').click();
    await page.getByLabel('First day').fill('2026-10-01');
    await page.getByLabel('Last day').fill('2026-10-14');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/range=custom/);
    const rows = page.locator('#active-by-day-table tbody tr');
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(14);
    expect(await rows.first().locator('th').textContent()).toContain('1 Oct');
  });

  it('goes to another project and back without loading a document', async () => {
    const page = await openOverview(`/p/${PROJECT}/live`);
    await mark(page);
    await page.locator('details.switch summary').click();
    await page.locator('details.switch').getByRole('link', { name: 'acme-docs' }).click();
    await page.waitForURL(at('/p/acme-docs'));
    await expect.poll(() => page.title()).toContain('acme-docs');
    expect(await page.locator('a.project').innerText()).toBe('acme-docs');
    await page.goBack();
    await page.waitForURL(at(`/p/${PROJECT}/live`));
    await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor();
    expect(await page.locator('a.project').innerText()).toBe(PROJECT);
    expect(await isMarked(page)).toBe(true);
  });

  it('goes through the list of projects, and back', async () => {
    const page = await openOverview(`/p/${PROJECT}/live`);
    await page.getByRole('link', { name: 'headcount', exact: true }).click();
    await page.getByRole('main').getByRole('link', { name: 'acme-docs' }).click();
    await page.waitForURL(at('/p/acme-docs'));
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor();
    expect(await page.locator('a.project').innerText()).toBe(PROJECT);
  });

  it('starts another page at its top, and tells screen readers of it', async () => {
    const page = await openOverview();
    await page.evaluate('scrollTo(0, 1500)');
    expect(await page.evaluate('scrollY')).toBeGreaterThan(100);
    await page.evaluate(`document.querySelector('nav.pages a[href$="/retention"]').click()`);
    await page.getByRole('heading', { level: 1, name: 'Retention' }).waitFor();
    expect(await page.evaluate('scrollY')).toBe(0);
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    expect(await page.title()).toContain('Retention');
  });
});

describe('a URL', () => {
  it('shows the same view in a fresh profile', async () => {
    const page = await openOverview(`/p/${PROJECT}?range=28d&lang=en`);
    await page.getByRole('link', { name: 'Light or dark' }).click();
    await page.waitForURL(/theme=dark/);
    await expect
      .poll(() => page.locator('html').getAttribute('data-theme'), { timeout: 20_000 })
      .toBe('dark');
    await page.getByRole('link', { name: '中文' }).click();
    await expect
      .poll(() => page.locator('html').getAttribute('lang'), { timeout: 20_000 })
      .toBe('zh-CN');
    await page.locator('#main').getByText('人').first().waitFor();
    const other = await open({ token: ADMIN_TOKEN });
    await visit(other.page, page.url());
    expect(await figuresOf(other.page)).toBe(await figuresOf(page));
    expect(await other.page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await other.page.locator('html').getAttribute('lang')).toBe('zh-CN');
  });

  it('with what nobody knows shows the page all the same', async () => {
    const { page, faults } = await open({ token: ADMIN_TOKEN });
    const odd = '?range=tomorrow&compare=me&lang=tlh&theme=pink&from=x&a=%00&day=never&b=1&b=2';
    const response = await visit(page, at(`/p/${PROJECT}${odd}`));
    expect(response.status()).toBe(200);
    expect(await rangeOf(page)).toBe('90 days');
    expect(faults).toEqual([]);
  });
});
